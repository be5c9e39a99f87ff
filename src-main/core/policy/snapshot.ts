import type { Envelope } from '../../../shared/envelope.ts'
import type { PolicyProblem } from '../../../shared/policy-view.ts'
import type { RiskPoints } from '../../../shared/risk-factors.ts'
import type { Access } from './access.ts'
import type { ApprovalLevels } from './approval-needs.ts'
import type { ToolSchemas } from './argument-types.ts'
import { parsePolicyFiles, type ReadPolicy } from './parse.ts'
import type { DefaultEffect, PolicyFile, Rule } from './rule.ts'
import { indexRules, type RuleIndex } from './rule-index.ts'
import { isTestFile } from './tests/test-file.ts'

/** The exact policy that decides: compiled, never changed, named by the hash over its files. */
export type Snapshot = {
  readonly hash: string
  readonly default: DefaultEffect
  readonly rules: readonly Rule[]
  /** What each factor of risk counts; a call is scored by this before it is decided. */
  readonly points: RiskPoints
  /** Whether observe mode may relax anything. */
  readonly observe: 'allowed' | 'forbidden'
  /** What an approval takes, level by level. */
  readonly approvals: ApprovalLevels
  /** The rules that fit what is asked for. */
  readonly index: RuleIndex
  /** Which tools whose client may use at all. */
  readonly access: Access
  /** Role groups of the person whose gateway this is. */
  readonly roles: readonly string[]
  /** What it was compiled from, word for word, in the order of the hash. */
  readonly files: readonly PolicyFile[]
}

/**
 * Compiles a set of files as one: all of it or, with a problem anywhere, nothing. Tests among them are carried along, not run.
 * `sha256` gives the hash of a text in hex; it is handed in because this folder does no I/O and knows no platform. `schemas` and
 * `read`: see `parsePolicyFiles`.
 */
export function compileSnapshot(
  files: readonly PolicyFile[],
  sha256: (text: string) => string,
  schemas: ToolSchemas | null = null,
  read?: ReadPolicy,
): { snapshot: Snapshot | null; problems: PolicyProblem[]; warnings: PolicyProblem[] } {
  const ordered = inHashOrder(files)
  const {
    default: otherwise,
    problems,
    warnings,
    ...policy
  } = parsePolicyFiles(
    ordered.filter(({ path }) => !isTestFile(path)),
    schemas,
    read,
  )
  if (problems.length > 0) return { snapshot: null, problems, warnings }
  const hash = hashFiles(ordered, sha256)
  const snapshot = { ...policy, hash, default: otherwise, index: indexRules(policy.rules), files: ordered }
  return { snapshot, problems, warnings }
}

/** The name of a set of files: SHA-256 over origin, name and text of each, whatever order they were found in. */
export function hashFiles(files: readonly PolicyFile[], sha256: (text: string) => string): string {
  return sha256(JSON.stringify(inHashOrder(files).map(({ origin, path, text }) => [origin, path, text])))
}

function inHashOrder(files: readonly PolicyFile[]): PolicyFile[] {
  const key = (file: PolicyFile) => `${file.origin}\n${file.path}`
  return files.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

/** A call with the role groups that the policy gives its user, besides those that the call came with. */
export function withRoles(envelope: Envelope, { roles }: Snapshot): Envelope {
  if (roles.length === 0) return envelope
  // Not copied: of a call that is only partly known somebody watches what is read.
  const user = { ...envelope.user, roles: [...envelope.user.roles, ...roles] }
  return Object.create(envelope, { user: { value: user, enumerable: true } }) as Envelope
}
