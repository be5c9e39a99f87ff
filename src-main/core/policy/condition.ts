import type { ASTNode, ParseResult } from '@marcbachmann/cel-js'
import { complaintOf } from './condition-complaint.ts'
import { guard, rawPrefixes, readsOnly } from './condition-guard.ts'
import { type Language, PatternBudgetSpent } from './condition-language.ts'
import type { Picture } from './condition-picture.ts'
import { spend, type Work, workOf } from './condition-work.ts'
import type { Complaint } from './problem.ts'
import { quote } from './quote.ts'

/** A compiled `when:`. The rest of policy knows no more of the expression language than this. */
export type Condition = {
  readonly source: string
  /** True when nothing that it reads is up to the arguments of a call. */
  readonly fixed: boolean
  /** Whether the condition holds for a call; a text says why that cannot be told, and then the call is denied. */
  readonly holds: (picture: Picture) => boolean | string
}

/** A complaint about the characters of a condition from `start` on. */
export type ConditionComplaint = Complaint & { start: number }

/** A condition ready to be evaluated, or null with the reasons why it is none. */
export type CompiledCondition = {
  condition: Condition | null
  complaints: ConditionComplaint[]
  /** What is allowed but unwise; changes nothing. */
  warnings: ConditionComplaint[]
}

/** Parses, bounds and type-checks a CEL condition, so that what can be wrong is found at load and not at a call. */
export function compileCondition(language: Language, source: string): CompiledCondition {
  let parsed: ParseResult
  try {
    parsed = language.environment.parse(source)
  } catch (error) {
    return refused(complaintOf(error, source))
  }
  const unsafe = guard(parsed.ast, language)
  if (unsafe) return refused(unsafe)
  const checked = parsed.check()
  if (!checked.valid) return refused(complaintOf(checked.error, source))
  if (checked.type !== 'bool') return refused(notBoolean(source, checked.type ?? 'dyn'))
  const work = workOf(parsed.ast)
  return {
    condition: {
      source,
      fixed: readsOnly(parsed.ast, fixedVariables),
      holds: (picture) => evaluate(parsed, work, picture),
    },
    complaints: [],
    warnings: warn(parsed.ast),
  }
}

/** What is the same for every request for the same thing by the same client. */
const fixedVariables = new Set([
  'client',
  'user',
  'server',
  'tool',
  'risk_tags',
  'scopes',
  'tenant',
  'environment',
  'purpose',
  'labels',
])

function refused(complaint: ConditionComplaint): CompiledCondition {
  return { condition: null, complaints: [complaint], warnings: [] }
}

function notBoolean(source: string, type: string): ConditionComplaint {
  return {
    start: 0,
    message: `the condition gives ${type === 'dyn' ? 'a value of unknown type' : quote(type)}, not true or false`,
    expected: 'a condition that is true or false',
    suggestion: type === 'dyn' ? `compare it: ${quote(`${source.trim()} == true`)}` : 'compare it with something',
  }
}

function warn(ast: ASTNode): ConditionComplaint[] {
  return rawPrefixes(ast).map((start) => ({
    start,
    message: 'a prefix of a raw argument says little: `..` and links lead elsewhere',
    expected: 'a test of canonical paths',
    suggestion: 'write `resource.paths.exists(p, p.startsWith("…"))`',
  }))
}

function evaluate(parsed: ParseResult, work: Work, picture: Picture): boolean | string {
  if (!spend(work, (name) => picture.extentOf(name)))
    return 'the conditions of the policy would take too long on this call'
  try {
    const result: unknown = parsed(picture)
    return typeof result === 'boolean' ? result : 'the condition gave neither true nor false'
  } catch (error) {
    return whyNot(error)
  }
}

/** Names the kind of failure and never repeats values: arguments may hold secrets, and decisions are recorded. */
function whyNot(error: unknown): string {
  if (error instanceof PatternBudgetSpent)
    return 'the regular expressions of the policy would take too long on this call'
  if (error instanceof RangeError) return 'the call is nested too deeply for the condition'
  const { code, node } = error as { code?: string; node?: { input?: string; start?: number; end?: number } }
  const part = node?.input?.slice(node.start ?? 0, node.end ?? 0)
  const where = part ? ` at ${quote(part)}` : ''
  switch (code) {
    case 'no_such_key':
    case 'index_out_of_bounds':
      return `the call has no such value${where}; test for it first, with \`has(…)\` or \`size(…)\``
    case 'unsupported_type':
    case 'field_type_mismatch':
    case 'variable_type_mismatch':
      return `a value is too large for a condition, or of the wrong kind${where}`
    default:
      return `the kinds of the values do not fit${where}`
  }
}
