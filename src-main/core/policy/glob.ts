/** A compiled name pattern: says whether a name fits. */
export type Glob = {
  readonly pattern: string
  /** True when the pattern has no wildcard, so that it fits exactly one name: itself. */
  readonly exact: boolean
  readonly fits: (name: string) => boolean
}

const longestPattern = 200
const mostAlternatives = 64

/**
 * What is wrong with a pattern, in words, or null. Known: `*` (any run of characters, also none), `?` (one character),
 * `{a,b}` (one of these, not nested). Nothing else has a meaning, and what looks as if it had one is refused.
 */
export function globProblem(pattern: string): string | null {
  if (pattern === '') return 'the pattern is empty'
  if (pattern.length > longestPattern) return `the pattern is longer than ${longestPattern} characters`
  if (/[[\]\\]/.test(pattern)) return 'a pattern knows no `[…]` and no `\\`'
  if (/\p{C}/u.test(pattern)) return 'the pattern has a control character'
  const braces = pattern.replace(/[^{}]/g, '')
  if (!/^(\{\})*$/.test(braces)) return 'the braces of the pattern are not closed, or one lies inside another'
  if (countAlternatives(pattern) > mostAlternatives) {
    return `the pattern stands for more than ${mostAlternatives} alternatives`
  }
  return null
}

/** Compiles a pattern that `globProblem` accepts; throws on others. Matching never backtracks exponentially. */
export function compileGlob(pattern: string): Glob {
  const problem = globProblem(pattern)
  if (problem) throw new Error(problem)
  const exact = !/[*?{]/.test(pattern)
  if (exact) return { pattern, exact, fits: (name) => name === pattern }
  if (pattern === '*') return { pattern, exact, fits: () => true }
  const alternatives = expand(pattern).map(alternativeOf)
  return { pattern, exact, fits: (name) => alternatives.some((alternative) => fitsAlternative(alternative, name)) }
}

/** One of the texts that a pattern stands for, and what can be told of it at once: how it begins and ends, and how long it is. */
type Alternative = { text: string; begins: string; ends: string; shortest: number; isPlain: boolean }

function alternativeOf(text: string): Alternative {
  const begins = /^[^*?]*/.exec(text)?.[0] ?? ''
  const ends = /[^*?]*$/.exec(text)?.[0] ?? ''
  const shortest = text.replaceAll('*', '').length
  return { text, begins, ends, shortest, isPlain: text === `${begins}*${ends}` }
}

/** Most names are told apart by how the pattern begins or ends, which is far faster than walking along both. */
function fitsAlternative({ text, begins, ends, shortest, isPlain }: Alternative, name: string): boolean {
  spendStep()
  if (name.length < shortest || !name.startsWith(begins) || !name.endsWith(ends)) return false
  return isPlain || fitsOne(text, name)
}

function countAlternatives(pattern: string): number {
  return (pattern.match(/\{[^}]*\}/g) ?? []).reduce((product, group) => product * group.split(',').length, 1)
}

function expand(pattern: string): string[] {
  const open = pattern.indexOf('{')
  if (open < 0) return [pattern]
  const close = pattern.indexOf('}', open)
  const rests = expand(pattern.slice(close + 1))
  const choices = pattern.slice(open + 1, close).split(',')
  return choices.flatMap((choice) => rests.map((rest) => pattern.slice(0, open) + choice + rest))
}

/**
 * Steps that all patterns of one decision may take together; about 5 ms at worst. Names are up to whoever sends the call, and a
 * long one against a pattern of many stars takes lengths multiplied.
 */
export const globBudget = 1_000_000

/** What is left of it. INVARIANT: decisions are made one after the other, and each refills it first. */
export const globMeter = { left: globBudget }

/** Thrown while matching when the patterns of one decision would take too long. */
export class GlobBudgetSpent extends Error {}

function spendStep(): void {
  if (--globMeter.left < 0) throw new GlobBudgetSpent('the patterns of the policy would take too long on this call')
}

/** Two cursors; on a mismatch only the last `*` takes one character more, so the work is at most lengths multiplied. */
function fitsOne(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let resume = 0
  while (n < name.length) {
    spendStep()
    const wanted = pattern[p]
    if (wanted === '*') {
      star = p++
      resume = n
    } else if (wanted !== undefined && (wanted === '?' || wanted === name[n])) {
      p++
      n++
    } else if (star >= 0) {
      p = star + 1
      n = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
