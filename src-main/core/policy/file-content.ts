import type { RiskPart } from '../../../shared/risk-part.ts'
import type { AccessPolicy } from './access.ts'
import type { ApprovalsPart } from './approvals-part.ts'
import type { DataComplaint } from './describe-issue.ts'
import { anyCall, type Match, type PolicyFile, type Rule } from './rule.ts'
import type { DataPath } from './yaml-source.ts'

/** A complaint about a part of a file; `index` counts characters into the text at `path`. */
export type RuleComplaint = DataComplaint & { index?: number }

/** A rule in the internal form, or null with the reasons why it is none. */
export type Lowered = { rule: Rule | null; complaints: RuleComplaint[]; warnings: RuleComplaint[] }

/** Where a rule was written: goes into the rule and into every complaint about it. */
export type Home = Pick<PolicyFile, 'origin'> & { file: string; line: number; path: DataPath }

/** To whom a file binds an access policy, which may stand in another file. */
export type Bound = {
  policy: string
  clients: readonly string[]
  roles: readonly string[]
  tenant: string | null
  path: DataPath
}

/** What one file says in the internal form, whatever its format. */
export type FileContent = {
  rules: Rule[]
  access: AccessPolicy[]
  bindings: Bound[]
  /** Role groups of the user; null when the file says nothing of them. */
  roles: readonly string[] | null
  default: 'deny' | 'by_risk' | undefined
  /** What it says about the points of risk. */
  risk: RiskPart | undefined
  observe: 'forbidden' | undefined
  /** What it says of who may approve. */
  approvals: ApprovalsPart | undefined
  /** What must be unique across all files, and where it stands. */
  ids: { of: 'rule' | 'access policy'; id: string; path: DataPath }[]
  complaints: RuleComplaint[]
  /** What works but is unwise, or does nothing. */
  warnings: RuleComplaint[]
}

/** A file that says nothing yet. */
export function emptyContent(): FileContent {
  return {
    ...{ rules: [], access: [], bindings: [], roles: null, default: undefined, ids: [] },
    ...{ risk: undefined, observe: undefined, approvals: undefined },
    ...{ complaints: [], warnings: [] },
  }
}

/** What a format that has no conditions says of one rule; everything left out is what a rule has when nothing is said. */
export type PlainRule = Pick<Rule, 'id' | 'effect'> & {
  match: Partial<Match>
  reason: string | null
} & Partial<Pick<Rule, 'level' | 'constraints' | 'alerts' | 'keepArguments' | 'priority' | 'description'>>

/** A rule in the internal form, from formats that have no conditions. */
export function plainRule({ id, effect, match, reason, ...rest }: PlainRule, { origin, file, line }: Home): Rule {
  return {
    ...{ id, effect, origin, match: { ...anyCall, ...match }, when: null, acceptRisk: null },
    ...{ level: null, constraints: {}, alerts: [], keepArguments: false, priority: 0, description: null },
    ...rest,
    ref: { id, effect, origin, file, line, reason },
  }
}

/** A name as an id: what ids cannot have becomes a dash. Empty when nothing of it is left. */
export function idFrom(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._:/]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 80)
}
