import { existsSync } from 'node:fs'
import { stdioConfiguration } from '../../../shared/client-configuration.ts'
import { allServers } from '../../../shared/link.ts'
import { printable } from '../../../shared/printable.ts'
import { shimLaunch } from '../../host/version.ts'
import type { Cli } from '../cli.ts'
import { CliError } from '../cli-error.ts'
import { clientNamed } from '../client-named.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { columns, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

/** Which server lines are for: one, or all of them at once. */
export type ServerChoice = { server?: string; all?: boolean }

/** `toolgate clients entries`. */
export async function listClients(cli: Cli): Promise<undefined> {
  const clients = await cli.withGateway((client) => client.call('clients.list', {}))
  cli.result(clients, () =>
    clients.length === 0
      ? [asTyped('no client entry; make one with `toolgate clients issue <name>`')]
      : columns(
          clients.map(({ id, name, created_at, last_seen, revoked, kind, public_origin }) => [
            ...[id, name, kind === 'http' ? 'token' : kind === 'oauth' ? (public_origin ?? 'app') : 'shim'],
            `made ${when(created_at)}`,
            revoked ? 'revoked' : `last seen ${when(last_seen)}`,
          ]),
        ),
  )
}

/** `toolgate clients issue`: makes an entry and prints what to put into the client's configuration. */
export async function issueClient(cli: Cli, name: string, chosen: ServerChoice): Promise<undefined> {
  const server = chosen.all ? allServers : chosen.server
  const shim = shimLaunch()
  const [file = ''] = shim.args
  if (!existsSync(file)) cli.say(`\`${file}\` is not there yet; build it with \`npm run build\``)
  const client = await withPerson(cli, (control) => control.call('clients.issue', { name }), {
    first: (control) => knownServer(control, chosen.server),
  })
  const entry = { server: server ?? '<server>', profile: cli.paths.profile, client: client.id }
  const snippet = stdioConfiguration(shim, entry)
  cli.result({ client, config: snippet }, () => JSON.stringify(snippet, null, 2).split('\n'))
  cli.say(
    `put this into the configuration of ${client.name}${server ? '' : ', with the name of a server for <server>'}`,
  )
}

/** Looks whether a server that a configuration is to be for is registered; throws NOT_FOUND with those that are. */
export async function knownServer(control: ControlClient, name: string | undefined): Promise<void> {
  if (name === undefined) return
  const names = (await control.call('servers.list', {})).map((server) => server.name)
  if (names.includes(name)) return
  throw new CliError(
    'NOT_FOUND',
    `no server \`${printable(name)}\` is registered`,
    names.length === 0
      ? 'register one with `toolgate servers add <name> -- <command…>`'
      : `there ${names.length === 1 ? 'is' : 'are'} ${names.map((each) => `\`${each}\``).join(', ')}`,
  )
}

/** `toolgate clients revoke`. */
export async function revokeClient(cli: Cli, named: string, whom: { tenant?: string } = {}): Promise<undefined> {
  let id = named
  await withPerson(cli, (control) => control.call('clients.revoke', { id, ...whom }), {
    async first(control) {
      id = await clientNamed(named, control)
    },
  })
  const { tenant } = whom
  const of = tenant === undefined ? '' : ` for ${tenant === '' ? 'nobody in particular' : printable(tenant)}`
  cli.result({ revoked: id, ...whom }, () => [`revoked: what this client was connected to${of} is cut off`])
}
