import type { ASTNode } from '@marcbachmann/cel-js'
import { parts } from './condition-guard.ts'
import { comprehensions } from './condition-language.ts'

/**
 * How much work a condition is, counted before it is done: conditions have no clock to look at. One unit is about 30 ns, and so
 * is the reading of 64 characters.
 */
export type Work = {
  /** Parts that are evaluated once, and those that are evaluated once per item of a list. */
  once: number
  perItem: number
  /** Those of them that read a text from end to end. */
  scansOnce: number
  scansPerItem: number
  /** How often texts or lists can be put together, which can double them each time. */
  joins: number
  /** The names that it reads: variables, and those that its loops give to items. */
  reads: ReadonlySet<string>
}

/** How large what a condition reads can be: items of its longest list, characters of all its texts. */
export type Extent = { items: number; text: number }

/** Units that all conditions of one decision may take together; about 20 ms. */
export const workBudget = 700_000

/** What is left of it. INVARIANT: decisions are made one after the other, and each refills it first. */
export const workMeter = { left: workBudget }

/** Functions that read a text, and what they cost in comparison; `size` counts characters beyond 16 bits one by one. */
const scanning: Record<string, number> = {
  ...{ contains: 1, lowerAscii: 1, upperAscii: 1, trim: 1, string: 1, int: 1, double: 1, size: 25 },
}
/** No single text that a condition sees is longer; see the bounds of its picture. */
const longestText = 32_768
const charactersPerUnit = 64

/** What a condition costs, from its text alone. */
export function workOf(ast: ASTNode): Work {
  const reads = new Set<string>()
  const work: Work = { once: 0, perItem: 0, scansOnce: 0, scansPerItem: 0, joins: 0, reads }
  count(ast, false, work, reads)
  // What was put together is read anew by whatever compares or searches it.
  if (work.joins > 0) {
    work.scansOnce += work.once
    work.scansPerItem += work.perItem
  }
  return work
}

function count(node: ASTNode, inLoop: boolean, work: Work, reads: Set<string>): void {
  if (inLoop) work.perItem++
  else work.once++
  if (node.op === 'id') reads.add(node.args)
  if (node.op === '+') work.joins++
  if (node.op === 'call' || node.op === 'rcall') {
    const cost = Object.hasOwn(scanning, node.args[0]) ? (scanning[node.args[0]] ?? 0) : 0
    if (inLoop) work.scansPerItem += cost
    else work.scansOnce += cost
  }
  // A loop goes over its list even when it does nothing with the items.
  if (node.op === 'rcall' && comprehensions.has(node.args[0])) work.perItem++
  for (const [child, childInLoop] of parts(node, inLoop)) count(child, childInLoop, work, reads)
}

/** Takes what a condition costs on a call off the meter; false when that is more than is left. */
export function spend(work: Work, extentOf: (name: string) => Extent): boolean {
  let cost = work.once
  if (work.perItem + work.scansOnce > 0) {
    let items = 1
    let text = 0
    for (const name of work.reads) {
      const extent = extentOf(name)
      items = Math.max(items, extent.items)
      text += extent.text
    }
    const growth = 2 ** Math.min(work.joins, 30)
    const characters = work.scansOnce * Math.min(text, longestText) + work.scansPerItem * text
    cost += (work.perItem * items + characters / charactersPerUnit) * growth
  }
  workMeter.left -= cost
  return workMeter.left >= 0
}
