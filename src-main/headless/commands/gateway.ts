import type { StatusView } from '../../../shared/calls.ts'
import { printable } from '../../../shared/printable.ts'
import { type Cli, runningGateway } from '../cli.ts'
import { columns, count, shortHash, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate status`: exit 1 when something is wrong, 3 when no gateway runs. */
export async function showStatus(cli: Cli): Promise<number> {
  const client = await runningGateway(cli)
  const status = await client.call('status', {})
  client.close()
  const troubles = troublesOf(status)
  cli.result(status, () => [
    ...statusLines(status),
    ...troubles.map((trouble) => `! ${trouble}`),
    ...remindersOf(status).map((reminder) => `→ ${reminder}`),
  ])
  return troubles.length === 0 ? 0 : 1
}

function statusLines(status: StatusView): string[] {
  const { policy, audit } = status
  return [
    ...columns([
      ['gateway', `${status.version}, process ${status.pid}, since ${when(status.started_at)}`],
      ['profile', status.profile],
      ['policy', `${count(policy.rules, 'rule')}, snapshot ${shortHash(policy.snapshot)}`],
      ['audit', `${count(audit.entries, 'record')}`],
      ['waiting', `${count(status.approvals, 'call')} for a person`],
      ['clients', `${count(status.sessions, 'session')} open`],
    ]),
    ...status.servers.map(
      ({ name, state, tools, sessions }) =>
        `  ${printable(name)}: ${state}, ${count(tools, 'tool')}, ${count(sessions, 'session')}`,
    ),
  ]
}

/** What is wrong, each with the command that helps. */
function troublesOf({ stopped, policy, audit }: StatusView): string[] {
  const problems = `the policy folder has ${count(policy.problems, 'problem')}: \`toolgate policy show\``
  return [
    ...(stopped ? ['stopped: nothing runs until `toolgate resume`'] : []),
    ...(policy.snapshot === null ? ['no policy is in force, so nothing is allowed: `toolgate policy show`'] : []),
    ...(policy.problems > 0 ? [problems] : []),
    ...(audit.writable ? [] : ['the audit record cannot be written, so no call is made: `toolgate doctor`']),
    ...(audit.gap ? ['the audit record has a gap: `toolgate audit verify`'] : []),
  ]
}

/** What waits for a person, each with the command that does it. */
function remindersOf({ policy, presence_enrolled, servers }: StatusView): string[] {
  const unapproved = servers
    .filter(({ state }) => state !== 'approved')
    .map(({ name, state }) => [printable(name), state])
  return [
    ...(policy.waiting ? ['a looser policy waits for you: `toolgate policy confirm`'] : []),
    ...(presence_enrolled ? [] : ['no PIN is enrolled: `toolgate presence enroll`']),
    ...unapproved.map(([name, state]) => `\`${name}\` is ${state}, not approved: \`toolgate servers approve ${name}\``),
  ]
}

/** `toolgate stop`: halts everything, and starts a gateway for that if none runs, so that it stays halted. */
export async function stop(cli: Cli, reason: string): Promise<undefined> {
  await cli.withGateway((client) => client.call('stop', { reason }))
  cli.result({ stopped: true }, () => ['stopped: no tool runs until a person resumes with `toolgate resume`'])
}

/** `toolgate resume`. */
export async function resume(cli: Cli): Promise<undefined> {
  await withPerson(cli, (client) => client.call('resume', {}))
  cli.result({ stopped: false }, () => ['resumed: tools run again, as policy allows'])
}

/** `toolgate shutdown`: ends the gateway that runs; clients start it again when they need it. */
export async function shutdown(cli: Cli): Promise<undefined> {
  const client = await runningGateway(cli)
  await client.call('shutdown', {})
  client.close()
  cli.result({ running: false }, () => ['the gateway ends'])
}
