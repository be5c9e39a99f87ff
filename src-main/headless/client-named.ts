import type { ClientView } from '../../shared/calls.ts'
import { printable } from '../../shared/printable.ts'
import { CliError, usageError } from './cli-error.ts'
import type { ControlClient } from './control-client.ts'

/** The id of the client that a person names: that of an entry, the name of one, or `claimed:` and what it calls itself. Throws NOT_FOUND and USAGE. */
export async function clientNamed(named: string, control: ControlClient): Promise<string> {
  if (named.startsWith('claimed:')) return named
  return entryNamed(named, await control.call('clients.list', {}), {
    none: 'no client entry is called',
    list: 'see `toolgate clients entries`; a client without an entry is `claimed:` and the name that it gives',
  })
}

/** The entry of this id, or the only one of this name that is not revoked. Throws when there is none, or more than one. */
export function entryNamed(
  named: string,
  entries: readonly ClientView[],
  words: { none: string; list: string },
): string {
  if (entries.some(({ id }) => id === named)) return named
  const found = entries.filter(({ name, revoked }) => name === named && !revoked)
  const [first] = found
  if (first && found.length === 1) return first.id
  if (!first) throw new CliError('NOT_FOUND', `${words.none} \`${printable(named)}\``, words.list)
  const ids = found.map(({ id }) => id).join(', ')
  throw usageError(`${found.length} entries are called \`${printable(named)}\``, `name one by its id: ${ids}`)
}
