import { accessSentence } from '../../../shared/access-sentence.ts'
import type { ClientAccess, HoldingPolicy } from '../../../shared/client-access.ts'
import { launchWord } from '../../../shared/launch.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { clientNamed } from '../client-named.ts'
import { asTyped } from '../command-name.ts'
import { columns } from '../format.ts'
import { haltText } from '../status-text.ts'
import { waitingLines } from './policy.ts'

/** `toolgate clients access`. */
export async function showAccess(
  cli: Cli,
  client: string,
  { all = false, ...whom }: { all?: boolean; tenant?: string },
): Promise<undefined> {
  const { found, halts } = await cli.withGateway(async (control) => {
    const found = await control.call('clients.access', { id: await clientNamed(client, control), ...whom })
    const { halts } = await control.call('status', {})
    return { found, halts: halts.filter(({ scope, name }) => scope !== 'client' || name === found.id) }
  })
  cli.result({ ...found, halts }, () => [
    ...halts.map((halt) => asTyped(`! stopped: ${haltText(halt)}, whatever policy allows: \`toolgate resume\``)),
    ...lines(found, all, client),
  ])
}

/** `toolgate clients bind` and `unbind`: what that loosens waits to be confirmed. */
export async function bindClient(
  cli: Cli,
  client: string,
  policy: string,
  { bound, ...whom }: { bound: boolean; tenant?: string },
): Promise<undefined> {
  const view = await cli.withGateway(async (control) =>
    control.call('clients.bind', { id: await clientNamed(client, control), policy, bound, ...whom }),
  )
  cli.result(view, () => [
    ...waitingLines(view),
    view.waiting
      ? 'the policy in force stays until you confirm'
      : `${bound ? 'bound' : 'no longer bound'} to ${printable(client)}${forTenant(whom.tenant)}: \`${printable(policy)}\``,
  ])
}

function lines(found: ClientAccess, all: boolean, client: string): string[] {
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
      ? ['', asTyped(`the others, with why: \`toolgate clients access ${launchWord(client)} --all\``)]
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
