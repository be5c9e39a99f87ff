import type { ASTNode } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import type { ConditionComplaint } from './condition.ts'
import {
  comprehensions,
  functions,
  type Language,
  largestPattern,
  methods,
  type RecordName,
  recordFields,
} from './condition-language.ts'
import { quote, quoteList } from './quote.ts'
import { nearest } from './suggest.ts'

/**
 * The first thing in a condition that the type checker would let pass and that we do not: functions off the allow list,
 * a loop inside a loop, a pattern that is not literal, and fields inside `has()` that no record has. Compiles the patterns
 * of `re()` into `language` on the way.
 */
export function guard(ast: ASTNode, language: Language): ConditionComplaint | null {
  return check(ast, false, language)
}

function check(node: ASTNode, inLoop: boolean, language: Language): ConditionComplaint | null {
  const own = checkNode(node, inLoop, language)
  if (own) return own
  for (const [child, childInLoop] of parts(node, inLoop)) {
    const complaint = check(child, childInLoop, language)
    if (complaint) return complaint
  }
  return null
}

function checkNode(node: ASTNode, inLoop: boolean, language: Language): ConditionComplaint | null {
  if (node.op === 'rcall') return checkMethod(node, inLoop)
  if (node.op === 'call') return checkFunction(node, language)
  if (node.op === '.' && node.args[0].op === 'id') return checkField(node.args[0].args, node.args[1], node.pos)
  return null
}

function checkMethod(node: ASTNode & { op: 'rcall' }, inLoop: boolean): ConditionComplaint | null {
  const [name, receiver] = node.args
  const start = Math.max(node.input.indexOf(name, receiver.end), 0)
  if (!Object.hasOwn(methods, name)) return unknownCall(name, start, Object.keys(methods))
  if (!comprehensions.has(name) || !inLoop) return null
  return {
    start,
    message: `${quote(name)} lies inside another loop, which could take too long on a large call`,
    expected: 'at most one of `exists`, `exists_one`, `all`, `filter`, `map` around each other',
    suggestion: 'test the inner list on its own, or with `in`',
  }
}

function checkFunction(node: ASTNode & { op: 'call' }, language: Language): ConditionComplaint | null {
  const [name, args] = node.args
  if (!Object.hasOwn(functions, name)) return unknownCall(name, node.start, Object.keys(functions))
  return name === 're' && args.length === 2 ? checkPattern(args[1] as ASTNode, language) : null
}

function unknownCall(name: string, start: number, known: string[]): ConditionComplaint {
  const expected = `one of the functions ${quoteList(known)}`
  if (name === 'matches') {
    const suggestion = 'write `re(text, "pattern")`'
    return { start, message: '`matches` is not offered: it can hang on hostile input', expected, suggestion }
  }
  const meant = nearest(name, known)
  const suggestion = meant
    ? `did you mean ${quote(methods[meant] ?? functions[meant] ?? meant)}?`
    : 'see docs/policy.md'
  return { start, message: `${quote(name)} is not a function that conditions have`, expected, suggestion }
}

function checkPattern(pattern: ASTNode, language: Language): ConditionComplaint | null {
  const start = pattern.start
  const expected = 're(text, "pattern") with a pattern in RE2 syntax'
  if (pattern.op !== 'value' || typeof pattern.args !== 'string') {
    const message = 'the pattern of `re` must be written out, so that it can be checked when the file is loaded'
    return { start, message, expected, suggestion: 'put the pattern in quotes' }
  }
  try {
    const compiled = RE2JS.compile(pattern.args)
    if (compiled.programSize() <= largestPattern) {
      language.patterns.set(pattern.args, compiled)
      return null
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '').replaceAll('`', '') : ''
    return {
      start,
      message: `the pattern cannot be read: ${quote(why)}`,
      expected,
      suggestion: 'RE2 has no look-around',
    }
  }
  return { start, message: 'the pattern is too large', expected, suggestion: 'use smaller repeat counts' }
}

function checkField(variable: string, field: string, start: number): ConditionComplaint | null {
  if (!Object.hasOwn(recordFields, variable)) return null
  const fields = Object.keys(recordFields[variable as RecordName])
  if (fields.includes(field)) return null
  const meant = nearest(field, fields)
  return {
    start,
    message: `${quote(field)} is not a field of ${quote(variable)}`,
    expected: quoteList(fields),
    suggestion: meant ? `did you mean ${quote(`${variable}.${meant}`)}?` : 'use one of the fields',
  }
}

/** True when a condition reads none but these variables; the items of a loop count as others. */
export function readsOnly(node: ASTNode, variables: ReadonlySet<string>): boolean {
  if (node.op === 'id') return variables.has(node.args)
  return parts(node, false).every(([child]) => readsOnly(child, variables))
}

/** Offsets of `args.… .startsWith(…)`: prefixes of what the client wrote, before it is made canonical. */
export function rawPrefixes(node: ASTNode): number[] {
  const own = node.op === 'rcall' && node.args[0] === 'startsWith' && isArgument(node.args[1]) ? [node.start] : []
  return [...own, ...parts(node, false).flatMap(([child]) => rawPrefixes(child))]
}

function isArgument(node: ASTNode): boolean {
  if (node.op === 'id') return node.args === 'args'
  return (node.op === '.' || node.op === '[]') && isArgument(node.args[0])
}

/** The parts of a node, and whether each is evaluated once per item of a list. */
export function parts(node: ASTNode, inLoop: boolean): [ASTNode, boolean][] {
  switch (node.op) {
    case 'id':
    case 'value':
      return []
    case '!_':
    case '-_':
      return [[node.args, inLoop]]
    case '.':
    case '.?':
      return [[node.args[0], inLoop]]
    case 'call':
      return node.args[1].map((arg) => [arg, inLoop])
    case 'rcall': {
      const loops = comprehensions.has(node.args[0])
      return [[node.args[1], inLoop], ...node.args[2].map((arg): [ASTNode, boolean] => [arg, inLoop || loops])]
    }
    case 'map':
      return node.args.flat().map((part) => [part, inLoop])
    default:
      return node.args.map((part) => [part, inLoop])
  }
}
