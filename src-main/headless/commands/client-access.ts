import { accessSentence } from '../../../shared/access-sentence.ts'
import type { ClientAccess, HoldingPolicy } from '../../../shared/client-access.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { columns } from '../format.ts'
import { waitingLines } from './policy.ts'

/** `toolgate clients access`. */
export async function showAccess(
  cli: Cli,
  client: string,
  { all = false, ...whom }: { all?: boolean; tenant?: string },
): Promise<undefined> {
  const found = await cli.withGateway(async (control) =>
    control.call('clients.access', { id: await idOf(client, control), ...whom }),
  )
  cli.result(found, () => lines(found, all))
}

/** `toolgate clients bind` and `unbind`: what that loosens waits to be confirmed. */
export async function bindClient(
  cli: Cli,
  client: string,
  policy: string,
  { bound, ...whom }: { bound: boolean; tenant?: string },
): Promise<undefined> {
  const view = await cli.withGateway(async (control) =>
    control.call('clients.bind', { id: await idOf(client, control), policy, bound, ...whom }),
  )
  cli.result(view, () => [
    ...waitingLines(view),
    view.waiting
      ? 'the policy in force stays until you confirm'
      : `${bound ? 'bound' : 'no longer bound'} to ${printable(client)}${forTenant(whom.tenant)}: \`${printable(policy)}\``,
  ])
}

/** The entry of this id, or the only one of this name that is not revoked. Throws when there is none, or more than one. */
async function idOf(client: string, control: ControlClient): Promise<string> {
  const entries = await control.call('clients.list', {})
  if (client.startsWith('claimed:') || entries.some(({ id }) => id === client)) return client
  const named = entries.filter(({ name, revoked }) => name === client && !revoked)
  const [first] = named
  if (first && named.length === 1) return first.id
  if (first) {
    const ids = named.map(({ id }) => id).join(', ')
    throw usageError(`${named.length} entries are called \`${printable(client)}\``, `name one by its id: ${ids}`)
  }
  throw new CliError(
    'NOT_FOUND',
    `no client entry is called \`${printable(client)}\``,
    'see `toolgate clients entries`; a client without an entry is `claimed:` and the name that it gives',
  )
}

function lines(found: ClientAccess, all: boolean): string[] {
  const { counts, tools, snapshot } = found
  const shown = tools.filter(({ access }) => all || access !== 'denied')
  return [
    `${printable(found.name)}${forTenant(found.tenant)} ${accessSentence(counts)}`,
    ...found.policies.map((policy) => `  ${heldBy(policy)}`),
    ...(snapshot === null ? ['  no policy is in force, so that nothing is allowed'] : []),
    ...(shown.length > 0 ? [''] : []),
    ...columns(
      shown.map(({ server, tool, access, level, why }) => [
        ...[`${printable(server)}.${printable(tool)}`, level === null ? access : `${access} (level ${level})`],
        printable(why),
      ]),
    ),
    ...(shown.length < tools.length
      ? ['', asTyped('the others, with why: `toolgate clients access <client> --all`')]
      : []),
  ]
}

/** For whom a client works, as it follows its name. */
function forTenant(tenant: string | null | undefined): string {
  return tenant ? `, for ${printable(tenant)},` : ''
}

function heldBy({ id, by, tenant, origin, description }: HoldingPolicy): string {
  const how = { client: 'bound to it', role: 'bound to a role of its user', unbound: 'since nothing is bound to it' }[
    by
  ]
  const whose = origin === 'org' ? ' by your organisation' : ''
  const only = tenant === null ? '' : ` for ${printable(tenant)} alone`
  return `access policy \`${printable(id)}\`${description === null ? '' : ` (${printable(description)})`}, ${how}${only}${whose}`
}
