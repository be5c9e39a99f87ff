import { CliError, usageError } from './cli-error.ts'

/**
 * The one that waits with this id, or the only one whose id starts or ends so. Throws NOT_FOUND, saying that no `what` waits and what
 * lists those that do, and a usage error when it could be several.
 */
export function oneWaiting<T extends { id: string }>(
  waiting: readonly T[],
  id: string,
  { what, list }: { what: string; list: string },
): T {
  const exact = waiting.find((each) => each.id === id)
  if (exact) return exact
  const found = waiting.filter((each) => id.length >= 4 && (each.id.startsWith(id) || each.id.endsWith(id)))
  if (found.length > 1) throw usageError(`\`${id}\` could be ${found.length} ${what}s`, 'write more of the id')
  if (found[0]) return found[0]
  throw new CliError('NOT_FOUND', `no ${what} \`${id}\` is waiting`, `see \`${list}\``)
}
