import type { ASTNode } from '@marcbachmann/cel-js'
import { argumentTypes, isClosed, type ToolSchemas } from './argument-types.ts'
import type { ConditionComplaint } from './condition.ts'
import { complaintOf } from './condition-complaint.ts'
import { parts } from './condition-guard.ts'
import { type ArgumentTypes, environmentFor } from './condition-language.ts'
import { quote, quoteList } from './quote.ts'
import type { Match } from './rule.ts'
import { nearest } from './suggest.ts'

/** More tools than this that one rule names are not looked at. */
const mostTools = 50

/**
 * What is wrong with a condition that compiles, once it is known which arguments the tools have that its rule names exactly: a name
 * that none of them has, or a comparison that can never hold. Null when nothing is, or nothing is known.
 */
export function checkArguments(source: string, match: Match, schemas: ToolSchemas): ConditionComplaint | null {
  for (const [server, tool] of toolsOf(match)) {
    const complaint = checkFor(source, { server, tool }, schemas(server, tool))
    if (complaint) return complaint
  }
  return null
}

function toolsOf({ servers, tools }: Match): [string, string][] {
  if (!servers?.every(({ exact }) => exact) || !tools?.every(({ exact }) => exact)) return []
  return servers
    .flatMap((server) => tools.map((tool): [string, string] => [server.pattern, tool.pattern]))
    .slice(0, mostTools)
}

type Tool = { server: string; tool: string }

function checkFor(source: string, tool: Tool, schema: unknown): ConditionComplaint | null {
  const declared = argumentTypes(schema, 'double')
  if (declared === null) return null
  const tested = [...testedNames(environmentFor(declared).parse(source).ast)].filter(
    ([name]) => !hasOwn(declared, name),
  )
  const [slip] = tested
  if (slip && isClosed(schema)) return noArgument(slip[0], slip[1], tool, declared)
  // Others may be sent as well, and a condition that tests for one with `has()` knows that.
  const others = Object.fromEntries(tested.map(([name]) => [name, 'dyn']))
  for (const numbers of ['double', 'dyn'] as const) {
    const complaint = checkTyped(source, tool, { ...others, ...argumentTypes(schema, numbers) })
    if (complaint !== 'uncertain') return complaint
  }
  return null
}

/** What the type checker says; `uncertain` when it is stricter than what happens when the condition is evaluated. */
function checkTyped(source: string, tool: Tool, types: ArgumentTypes): ConditionComplaint | 'uncertain' | null {
  const { valid, error } = environmentFor(types).parse(source).check()
  if (valid) return null
  const { code, summary = '', range } = error as { code?: string; summary?: string; range?: { start: number } }
  if (code === 'no_such_key') {
    const name = /No such key: (.*)$/.exec(summary)?.[1] ?? ''
    return noArgument(name, Math.max(source.indexOf(name, range?.start ?? 0), range?.start ?? 0), tool, types)
  }
  // Arguments are a map in the end, and their numbers compare with whole ones.
  if (summary.includes('$') || (/\bint\b/.test(summary) && /\bdouble\b/.test(summary)) || !summary.includes('overload'))
    return 'uncertain'
  const complaint = complaintOf(error, source)
  return { ...complaint, message: `${complaint.message} with the arguments of ${nameOf(tool)}` }
}

/** The names in `has(args.name)`, and where they stand. */
function testedNames(node: ASTNode, found = new Map<string, number>()): Map<string, number> {
  if (node.op === 'call' && node.args[0] === 'has') {
    const [tested] = node.args[1]
    if (tested?.op === '.' && tested.args[0].op === 'id' && tested.args[0].args === 'args') {
      found.set(tested.args[1], tested.pos)
    }
  }
  for (const [part] of parts(node, false)) testedNames(part, found)
  return found
}

function noArgument(name: string, start: number, tool: Tool, types: ArgumentTypes): ConditionComplaint {
  const names = Object.keys(types)
  const meant = nearest(name, names)
  return {
    start,
    message: `${quote(name)} is not an argument of ${nameOf(tool)}`,
    expected: quoteList(names.slice(0, mostTools)),
    suggestion: meant
      ? `did you mean ${quote(meant)}?`
      : 'use one of its arguments, or test for it with `has(…)` first',
  }
}

function nameOf({ server, tool }: Tool): string {
  return `${quote(tool)} on ${quote(server)}`
}

function hasOwn(types: ArgumentTypes, name: string): boolean {
  return Object.hasOwn(types, name)
}
