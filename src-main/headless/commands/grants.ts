import type { GrantView } from '../../../shared/approval.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'
import { distance } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

const ends: Record<GrantView['state'], string> = {
  active: 'counts',
  spent: 'was used',
  expired: 'ran out',
  revoked: 'was revoked',
  definition_changed: 'ended: the definition changed',
  policy_changed: 'ended: policy asks for more',
  locked: 'ended with its session',
}

function grantLine(grant: GrantView, now: number): string[] {
  const { id, client, tenant, says, duration, expires_at, state, used, max_uses: most, by, door, level } = grant
  const uses =
    most !== null && most > 1 ? `used ${used} of ${most} times` : `used ${used === 1 ? 'once' : `${used} times`}`
  const left = expires_at === null ? 'no end in time' : `${distance(now, Date.parse(expires_at))} left`
  const how = state === 'active' ? `${left}${duration === 'session' ? ', in its session alone' : ''}` : ends[state]
  return [
    `${id}  ${printable(client.name)}${tenant ? `, for ${printable(tenant)}` : ''}: ${printable(says)}`,
    `  ${how}; ${uses}; allowed by ${printable(by)} at level ${level} (${door})`,
  ]
}

/** `toolgate grants list`: newest first. */
export async function listGrants(cli: Cli, { all = false }: { all?: boolean }): Promise<undefined> {
  const grants = await cli.withGateway((client) => client.call('grants.list', { all }))
  const now = Date.now()
  cli.result(grants, () =>
    grants.length === 0
      ? ['no grant counts; every call is decided by itself']
      : grants.flatMap((it) => grantLine(it, now)),
  )
}

/** `toolgate grants revoke`: the very next call asks again. */
export async function revokeGrant(cli: Cli, id: string): Promise<undefined> {
  const grant = await cli.withGateway((client) => client.call('grants.revoke', { id }))
  cli.result(grant, () => [`${ends[grant.state]}: ${printable(grant.says)}`])
}

/** `toolgate grants extend`. */
export async function extendGrant(cli: Cli, id: string, { hours }: { hours: string }): Promise<undefined> {
  const wanted = Number(hours)
  if (!(wanted > 0)) throw usageError(`\`${hours}\` is no number of hours`, 'give one such as `--hours 8`')
  const grant = await withPerson(cli, (client) => client.call('grants.extend', { id, hours: wanted }), {
    async first(client) {
      const found = (await client.call('grants.list', {})).some((it) => it.id === id)
      if (!found) throw new CliError('NOT_FOUND', `no grant \`${printable(id)}\` counts`, 'see `toolgate grants list`')
    },
  })
  cli.result(grant, () => grantLine(grant, Date.now()))
}

/** `toolgate grants lock`: ends what was granted for sessions. */
export async function lockGrants(cli: Cli): Promise<undefined> {
  const { ended } = await cli.withGateway((client) => client.call('grants.lock', {}))
  cli.result({ ended }, () => [ended === 1 ? '1 grant ended' : `${ended} grants ended`])
}
