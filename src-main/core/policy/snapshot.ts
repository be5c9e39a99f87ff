import type { Envelope } from '../../../shared/envelope.ts'
import type { PolicyProblem } from '../../../shared/policy-view.ts'
import type { Access } from './access.ts'
import type { ToolSchemas } from './argument-types.ts'
import { parsePolicyFiles } from './parse.ts'
import type { DefaultEffect, PolicyFile, Rule } from './rule.ts'
import { indexRules, type RuleIndex } from './rule-index.ts'

/** The exact policy that decides: compiled, never changed, named by the hash over its files. */
export type Snapshot = {
  readonly hash: string
  readonly default: DefaultEffect
  readonly rules: readonly Rule[]
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
 * Compiles a set of files as one: all of it or, with a problem anywhere, nothing. `sha256` gives the hash of a text in hex;
 * it is handed in because this folder does no I/O and knows no platform. `schemas`: see `parsePolicyFiles`.
 */
export function compileSnapshot(
  files: readonly PolicyFile[],
  sha256: (text: string) => string,
  schemas: ToolSchemas | null = null,
): { snapshot: Snapshot | null; problems: PolicyProblem[]; warnings: PolicyProblem[] } {
  const ordered = inHashOrder(files)
  const { rules, access, roles, default: otherwise, problems, warnings } = parsePolicyFiles(ordered, schemas)
  if (problems.length > 0) return { snapshot: null, problems, warnings }
  const hash = hashFiles(ordered, sha256)
  const snapshot = { hash, default: otherwise, rules, index: indexRules(rules), access, roles, files: ordered }
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
  return { ...envelope, user: { ...envelope.user, roles: [...envelope.user.roles, ...roles] } }
}
