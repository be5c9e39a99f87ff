import type { PolicyProblem } from '../../../shared/policy-view.ts'
import type { RiskPoints } from '../../../shared/risk-factors.ts'
import { createLanguage, type Language } from './condition-language.ts'
import { type DataComplaint, describeIssue } from './describe-issue.ts'
import { lowerRule, type RuleComplaint } from './lower.ts'
import { quote } from './quote.ts'
import { combineRiskPoints, type RiskStatement } from './risk-points.ts'
import type { DefaultEffect, PolicyFile, Rule } from './rule.ts'
import { RuleFile } from './rule-file.ts'
import { placesIn, readYaml, type YamlSource } from './yaml-source.ts'

/** What the files of a policy say together. */
export type ParsedPolicy = {
  rules: Rule[]
  /** `by_risk` only when a file says so and no file says `deny`. */
  default: DefaultEffect
  /** What each factor of risk counts. */
  points: RiskPoints
  /** One file that forbids it is enough. */
  observe: 'allowed' | 'forbidden'
  /** Why the files cannot be put into force; empty when they can. */
  problems: PolicyProblem[]
  /** What works but is unwise. */
  warnings: PolicyProblem[]
}

const mostProblems = 200

/**
 * Reads rule files (seed 001's format and our additions) into the internal form. Never throws on what the files say: all
 * that is wrong is listed, each with the place, what was expected and what to do. With problems, `rules` is incomplete and
 * must not be used.
 */
export function parsePolicyFiles(files: readonly PolicyFile[]): ParsedPolicy {
  const language = createLanguage()
  const parsed = files.map((file) => parseFile(file, language))
  const rules = parsed.flatMap((file) => file.rules)
  const defaults = parsed.map((file) => file.default)
  const problems = [...parsed.flatMap((file) => file.problems), ...duplicates(parsed)]
  return {
    rules,
    default: defaults.includes('by_risk') && !defaults.includes('deny') ? 'by_risk' : 'DENY',
    points: combineRiskPoints(parsed),
    observe: parsed.some((file) => file.observe === 'forbidden') ? 'forbidden' : 'allowed',
    problems: problems.slice(0, mostProblems),
    warnings: parsed.flatMap((file) => file.warnings).slice(0, mostProblems),
  }
}

type RuleId = { id: string; file: string; line: number; column: number }

type ParsedFile = RiskStatement & {
  rules: Rule[]
  ids: RuleId[]
  default: 'deny' | 'by_risk' | undefined
  observe: 'forbidden' | undefined
  problems: PolicyProblem[]
  warnings: PolicyProblem[]
}

function parseFile(file: PolicyFile, language: Language): ParsedFile {
  const place = placesIn(file.text)
  const said = { default: undefined, risk: undefined, observe: undefined }
  const result: ParsedFile = { origin: file.origin, rules: [], ids: [], ...said, problems: [], warnings: [] }
  const { source, findings } = readYaml(file.text)
  const problem = (offset: number, { message, expected, suggestion }: DataComplaint | (typeof findings)[number]) => ({
    file: file.path,
    ...place(offset),
    message,
    expected,
    suggestion,
  })
  if (!source) return { ...result, problems: findings.map((finding) => problem(finding.offset, finding)) }

  const at = (complaint: RuleComplaint) => problem(offsetOf(source, complaint), complaint)
  const shape = RuleFile.safeParse(source.value)
  if (!shape.success) {
    // Cut before places are looked up: a file of nothing but mistakes must not keep the gateway busy.
    const issues = shape.error.issues.slice(0, mostProblems)
    const complaints = issues.flatMap((issue) => describeIssue(issue, source.value)).slice(0, mostProblems)
    return { ...result, problems: complaints.map(at) }
  }
  result.default = shape.data.default
  result.risk = shape.data.risk
  result.observe = shape.data.observe
  shape.data.rules.forEach((part, index) => {
    const path = ['rules', index]
    const { line } = place(source.offsetOf(path))
    const lowered = lowerRule(part, { origin: file.origin, file: file.path, line, path }, language)
    result.ids.push({ id: part.id, file: file.path, ...place(source.offsetOf([...path, 'id'])) })
    if (lowered.rule) result.rules.push(lowered.rule)
    result.problems.push(...lowered.complaints.map(at))
    result.warnings.push(...lowered.warnings.map(at))
  })
  return result
}

function offsetOf(source: YamlSource, complaint: RuleComplaint): number {
  if (complaint.index !== undefined) return source.offsetIn(complaint.path, complaint.index)
  return complaint.key === undefined
    ? source.offsetOf(complaint.path)
    : source.offsetOfKey(complaint.path, complaint.key)
}

function duplicates(files: ParsedFile[]): PolicyProblem[] {
  const first = new Map<string, RuleId>()
  const problems: PolicyProblem[] = []
  for (const { id, ...place } of files.flatMap((file) => file.ids)) {
    const earlier = first.get(id)
    if (earlier) {
      problems.push({
        ...place,
        message: `the id ${quote(id)} is already used in ${quote(earlier.file)}, line ${earlier.line}`,
        expected: 'an id of its own for each rule, across all files',
        suggestion: 'rename one of the two rules',
      })
    } else first.set(id, { id, ...place })
  }
  return problems
}
