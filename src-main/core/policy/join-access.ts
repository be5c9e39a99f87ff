import type { PolicyProblem } from '../../../shared/policy-view.ts'
import { type Access, type AccessPolicy, type Binding, builtInAccess } from './access.ts'
import type { Bound } from './file-content.ts'
import type { Complaint } from './problem.ts'
import { quote } from './quote.ts'
import type { PolicyFile } from './rule.ts'
import { nearest } from './suggest.ts'
import type { DataPath } from './yaml-source.ts'

/** What one file says of access, and how a place in it is named. */
export type ParsedAccess = {
  origin: PolicyFile['origin']
  file: string
  policies: readonly AccessPolicy[]
  bindings: readonly Bound[]
  roles: readonly string[] | null
  placed: (path: DataPath, complaint: Complaint) => PolicyProblem
}

/**
 * What all files say of access together. A binding may name a policy of another file; the organisation binds only policies that
 * nobody on this machine can change. Where any file is the organisation's, it alone says which roles the user has: with a
 * role that somebody gives himself, what it denies others would open.
 */
export function joinAccess(files: readonly ParsedAccess[]): {
  access: Access
  roles: readonly string[]
  problems: PolicyProblem[]
} {
  const policies = files.flatMap((file) => file.policies)
  const byId = new Map<string, AccessPolicy>(
    [...Object.values(builtInAccess), ...policies].map((policy) => [policy.id, policy]),
  )
  const problems: PolicyProblem[] = []
  const bindings: Binding[] = []
  for (const { origin, file, bindings: bound, placed } of files) {
    for (const { policy: id, clients, roles, tenant, path } of bound) {
      const policy = byId.get(id)
      if (policy && !(origin === 'org' && policy.origin === 'local'))
        bindings.push({ policy, origin, file, clients, roles, tenant })
      else problems.push(placed([...path, 'policy'], policy ? notTheirs(id) : unknown(id, [...byId.keys()])))
    }
  }
  const managed = files.some(({ origin }) => origin === 'org')
  const given = files.filter(({ origin }) => !managed || origin === 'org').flatMap((file) => file.roles ?? [])
  return { access: { policies, bindings }, roles: [...new Set(given)].sort(), problems }
}

function unknown(id: string, known: readonly string[]): Complaint {
  const meant = nearest(id, known)
  return {
    message: `${quote(id)} is not an access policy`,
    expected: 'the id of an access policy in any file, or a built-in one',
    suggestion: meant ? `did you mean ${quote(meant)}?` : 'see the list of built-in ones in docs/policy.md',
  }
}

function notTheirs(id: string): Complaint {
  return {
    message: `${quote(id)} is a local access policy, which the organisation does not control`,
    expected: 'an access policy of the organisation, or a built-in one',
    suggestion: 'put it into a file of the organisation',
  }
}
