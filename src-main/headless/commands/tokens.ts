import type { ClientView } from '../../../shared/calls.ts'
import { entryName, serverAddress } from '../../../shared/client-configuration.ts'
import { allServers } from '../../../shared/link.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { usageError } from '../cli-error.ts'
import { entryNamed } from '../client-named.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { columns, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'
import { knownServer, type ServerChoice } from './clients.ts'

/** Options of `toolgate token create`. */
export type TokenOptions = ServerChoice & { client?: string; scope: string[]; tenant?: string }

/** `toolgate token create`: makes a client entry for HTTP and prints, this once, its token and what goes into the client. */
export async function createToken(cli: Cli, options: TokenOptions): Promise<undefined> {
  const { client: name } = options
  const server = options.all ? allServers : options.server
  if (!name) throw usageError('a token needs the name of its client', 'add `--client NAME`')
  const create = async (control: ControlClient) => {
    const status = await control.call('status', {})
    const made = await control.call('tokens.create', { name, ...boundsOf(options) })
    return { made, http: status.http, problem: status.http_problem }
  }
  const first = (control: ControlClient) => knownServer(control, options.server)
  const { made, http, problem } = await withPerson(cli, create, { first })
  const { client, token } = made
  const config = http === null ? null : configuration(http, token, server ?? '<server>')
  cli.result({ client, token, config }, () => [
    `token  ${token}`,
    ...(config === null ? [] : ['', ...JSON.stringify(config, null, 2).split('\n')]),
  ])
  cli.say('this token is shown this once; whoever has it is this client, so keep it out of files that others read')
  if (config === null) cli.say(`the HTTP door is shut, so there is no address yet: ${printable(problem ?? 'unknown')}`)
  else
    cli.say(
      `put this into the configuration of ${printable(name)}${server ? '' : ', with the name of a server for <server>'}`,
    )
}

/** No scope at all means that nothing but policy bounds the client, not that it may nothing. */
function boundsOf({ scope, tenant }: TokenOptions) {
  return { ...(scope.length > 0 ? { scopes: scope } : {}), ...(tenant === undefined ? {} : { tenant }) }
}

/** What a client that speaks HTTP needs to reach one server through this gateway. */
function configuration(http: string, token: string, server: string) {
  const url = server === '<server>' ? http : serverAddress(http, server)
  return { mcpServers: { [entryName(server)]: { type: 'http', url, headers: { Authorization: `Bearer ${token}` } } } }
}

async function tokens(cli: Cli): Promise<ClientView[]> {
  const clients = await cli.withGateway((control) => control.call('clients.list', {}))
  return clients.filter(({ kind }) => kind === 'http')
}

/** `toolgate token list`: the client entries that come over HTTP; what their tokens are, nobody knows. */
export async function listTokens(cli: Cli): Promise<undefined> {
  const found = await tokens(cli)
  cli.result(found, () =>
    found.length === 0
      ? [asTyped('no token; make one with `toolgate token create --client NAME`')]
      : columns(
          found.map(({ id, name, created_at, last_seen, revoked, scopes, tenant }) => [
            id,
            name,
            `made ${when(created_at)}`,
            revoked ? 'revoked' : `last seen ${when(last_seen)}`,
            [...(scopes ?? []).map((scope) => `scope ${scope}`), ...(tenant ? [`tenant ${tenant}`] : [])].join(', '),
          ]),
        ),
  )
}

/** `toolgate token revoke`: the token is refused from now on, and what its client was connected to is cut off. */
export async function revokeToken(cli: Cli, named: string): Promise<undefined> {
  const id = entryNamed(named, await tokens(cli), { none: 'no token', list: 'see `toolgate token list`' })
  await withPerson(cli, (control) => control.call('clients.revoke', { id }))
  cli.result({ revoked: id }, () => ['revoked: this token is refused, and what its client was connected to is cut off'])
}
