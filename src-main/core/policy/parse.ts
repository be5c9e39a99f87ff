import type { PolicyProblem } from '../../../shared/policy-view.ts'
import type { RiskPoints } from '../../../shared/risk-factors.ts'
import type { Access } from './access.ts'
import { type ApprovalLevels, combineApprovals, whyUnanswerable } from './approval-needs.ts'
import type { ToolSchemas } from './argument-types.ts'
import { createLanguage, type Language } from './condition-language.ts'
import { describeIssue } from './describe-issue.ts'
import { emptyContent, type FileContent, type RuleComplaint } from './file-content.ts'
import { readFile } from './format.ts'
import { joinAccess, type ParsedAccess } from './join-access.ts'
import type { Complaint } from './problem.ts'
import { quote } from './quote.ts'
import { combineRiskPoints } from './risk-points.ts'
import type { DefaultEffect, PolicyFile, Rule } from './rule.ts'
import { type DataPath, placesIn, readYaml, type YamlReading, type YamlSource } from './yaml-source.ts'

/** What the files of a policy say together. */
export type ParsedPolicy = {
  rules: Rule[]
  access: Access
  /** Role groups of the person whose gateway this is. */
  roles: readonly string[]
  /** `by_risk` only when a file says so and no file says `deny`. */
  default: DefaultEffect
  /** What each factor of risk counts. */
  points: RiskPoints
  /** One file that forbids it is enough. */
  observe: 'allowed' | 'forbidden'
  /** What an approval takes, level by level. */
  approvals: ApprovalLevels
  /** Why the files cannot be put into force; empty when they can. */
  problems: PolicyProblem[]
  /** What works but is unwise. */
  warnings: PolicyProblem[]
}

const mostProblems = 200

/** Reads a file as data; what is handed in must give what `readYaml` gives. */
export type ReadPolicy = (file: PolicyFile) => YamlReading

const readEach: ReadPolicy = ({ text }) => readYaml(text)

/**
 * Reads policy files, each in one of the formats of format.ts, into the internal form. Never throws on what the files say: all
 * that is wrong is listed, each with the place, what was expected and what to do. With problems, `rules` is incomplete and
 * must not be used. With `schemas`, conditions about tools that a rule names exactly are checked against the arguments of these
 * tools; without, which is how a policy that was in force comes back, a tool that changed meanwhile is no reason to lose it.
 */
export function parsePolicyFiles(
  files: readonly PolicyFile[],
  schemas: ToolSchemas | null = null,
  read = readEach,
): ParsedPolicy {
  const language = createLanguage()
  const parsed = files.map((file) => parseFile(file, read(file), { language, schemas }))
  const defaults = parsed.map(({ content }) => content.default)
  const access = joinAccess(parsed.map(toAccess))
  const approvals = combineApprovals(
    parsed.map(({ file, content }) => ({ origin: file.origin, approvals: content.approvals })),
  )
  const warnings = [...parsed.flatMap((file) => file.warnings), ...unanswerable(parsed, approvals, access.roles)]
  const problems = [...parsed.flatMap((file) => file.problems), ...duplicates(parsed), ...access.problems]
  return {
    rules: parsed.flatMap(({ content }) => content.rules),
    access: access.access,
    roles: access.roles,
    default: defaults.includes('by_risk') && !defaults.includes('deny') ? 'by_risk' : 'DENY',
    points: combineRiskPoints(parsed.map(({ file, content }) => ({ origin: file.origin, risk: content.risk }))),
    observe: parsed.some(({ content }) => content.observe === 'forbidden') ? 'forbidden' : 'allowed',
    approvals,
    problems: problems.slice(0, mostProblems),
    warnings: warnings.slice(0, mostProblems),
  }
}

/** One file, and how a place in it is named. */
type ParsedFile = {
  file: PolicyFile
  content: FileContent
  problems: PolicyProblem[]
  warnings: PolicyProblem[]
  placed: (path: DataPath, complaint: Complaint) => PolicyProblem
}

function parseFile(
  file: PolicyFile,
  { source, findings }: YamlReading,
  { language, schemas }: { language: Language; schemas: ToolSchemas | null },
): ParsedFile {
  const place = placesIn(file.text)
  const problem = (offset: number, { message, expected, suggestion }: Complaint): PolicyProblem => ({
    file: file.path,
    ...place(offset),
    message,
    expected,
    suggestion,
  })
  const placed = (path: DataPath, complaint: Complaint) => problem(source?.offsetOf(path) ?? 0, complaint)
  const result: ParsedFile = { file, content: emptyContent(), problems: [], warnings: [], placed }
  if (!source) return { ...result, problems: findings.map((finding) => problem(finding.offset, finding)) }

  const at = (complaint: RuleComplaint) => problem(offsetOf(source, complaint), complaint)
  const homeOf = (path: DataPath) => {
    const { line } = place(source.offsetOf(path))
    return { origin: file.origin, file: file.path, line, path }
  }
  const read = readFile(source.value, { homeOf, language, schemas })
  if ('issues' in read) {
    // Cut before places are looked up: a file of nothing but mistakes must not keep the gateway busy.
    const issues = read.issues.slice(0, mostProblems)
    const complaints = issues.flatMap((issue) => describeIssue(issue, source.value, read.shape)).slice(0, mostProblems)
    return { ...result, problems: complaints.map(at) }
  }
  const { content } = read
  return { ...result, content, problems: content.complaints.map(at), warnings: content.warnings.map(at) }
}

function toAccess({ file, content, placed }: ParsedFile): ParsedAccess {
  const { access: policies, bindings, roles } = content
  return { origin: file.origin, file: file.path, policies, bindings, roles, placed }
}

function offsetOf(source: YamlSource, complaint: RuleComplaint): number {
  if (complaint.index !== undefined) return source.offsetIn(complaint.path, complaint.index)
  return complaint.key === undefined
    ? source.offsetOf(complaint.path)
    : source.offsetOfKey(complaint.path, complaint.key)
}

/** Levels at which nobody here could approve: their calls are refused, which whoever wrote that may not have meant. */
function unanswerable(
  files: readonly ParsedFile[],
  approvals: ApprovalLevels,
  roles: readonly string[],
): PolicyProblem[] {
  const said = new Set<number>()
  return files.flatMap(({ content, placed }) =>
    (content.approvals ?? []).flatMap(({ level }, index) => {
      const why = whyUnanswerable({ approvals, roles }, level)
      if (!why || said.has(level)) return []
      said.add(level)
      return placed(['approvals', index], {
        message: why,
        expected:
          'a level that the user of this machine can approve alone, unless others are added at the approval page',
        suggestion: 'where a group is missing, `user_roles` in a file of access policies gives it',
      })
    }),
  )
}

function duplicates(files: readonly ParsedFile[]): PolicyProblem[] {
  const first = new Map<string, PolicyProblem>()
  const problems: PolicyProblem[] = []
  for (const { content, placed } of files) {
    // One place can stand for several rules, and needs one complaint.
    const said = new Set<string>()
    for (const { of, id, path } of content.ids) {
      const things = of === 'rule' ? 'rules' : 'access policies'
      const here = placed(path, {
        message: '',
        expected: `an id of its own for each ${of}, across all files`,
        suggestion: path.at(-1) === 'tool' ? 'add an `id` to one of the two files' : `rename one of the two ${things}`,
      })
      const earlier = first.get(`${of} ${id}`)
      if (!earlier) {
        first.set(`${of} ${id}`, here)
        continue
      }
      const message = `the id ${quote(id)} is already used in ${quote(earlier.file)}, line ${earlier.line}`
      if (!said.has(path.join())) problems.push({ ...here, message })
      said.add(path.join())
    }
  }
  return problems
}
