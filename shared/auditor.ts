/** The group of those who look and answer nothing, unless they are admins as well (seed 000, "read-only audit access"). */
const auditorGroup = 'auditor'

/** Whether somebody only looks. */
export function isAuditor({ admin, groups }: { admin: boolean; groups: readonly string[] }): boolean {
  return !admin && groups.includes(auditorGroup)
}
