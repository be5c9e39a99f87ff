import type { PolicyProblem, PolicyView } from '../../../shared/policy-view.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { CliError, declined, exitCodes } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { columns, shortHash, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate policy show`: exit 1 when the folder has problems or nothing is in force. */
export async function showPolicy(cli: Cli): Promise<number> {
  const policy = await cli.withGateway((client) => client.call('policy.show', {}))
  cli.result(policy, () => policyLines(policy, cli.paths.policy))
  return policy.snapshot === null || policy.problems.length > 0 ? 1 : 0
}

function policyLines(policy: PolicyView, folder: string): string[] {
  const head =
    policy.snapshot === null
      ? ['no policy is in force, so nothing is allowed']
      : [`snapshot ${shortHash(policy.snapshot)}, in force since ${when(policy.since)}, from ${printable(folder)}`]
  const rules = columns(
    policy.rules.map(({ id, effect, origin, file, line, summary }) => [
      effect,
      origin === 'org' ? `${id} (organisation)` : id,
      `${file}:${line}`,
      summary,
    ]),
  )
  return [...head, ...rules, ...accessLines(policy), ...policy.problems.flatMap(problemLines), ...waitingLines(policy)]
}

/** Access policies of files, and built-in ones that are bound; the others say nothing that is not always so. */
function accessLines({ access }: PolicyView): string[] {
  const told = access.filter(({ origin, clients, roles }) => origin !== 'built_in' || clients.length + roles.length > 0)
  if (told.length === 0) return []
  const bound = (clients: string[], roles: string[]) =>
    [...clients.map((it) => `client ${it}`), ...roles.map((it) => `role group ${it}`)].join(', ') || 'nobody'
  return [
    '',
    'access policies:',
    ...columns(
      told.map(({ id, file, line, summary, clients, roles }) => [
        ...[id, file === '' ? 'built in' : `${file}:${line}`, summary],
        `for ${bound(clients, roles)}`,
      ]),
    ),
  ]
}

/** One problem of a policy file, where an editor can find it. */
export function problemLines({ file, line, column, message, expected, suggestion }: PolicyProblem): string[] {
  return [
    `${printable(file)}:${line}:${column}: ${printable(message)}`,
    ...(expected ? [`  expected ${printable(expected)}`] : []),
    ...(suggestion ? [`  → ${asTyped(printable(suggestion))}`] : []),
  ]
}

/** What waits to be confirmed, in lines; none when nothing does. */
export function waitingLines({ waiting }: PolicyView): string[] {
  if (!waiting) return []
  return [
    asTyped('A change on disk loosens the policy and waits for you (`toolgate policy confirm`):'),
    ...waiting.changes.map((change) => `  ~ ${printable(change)}`),
  ]
}

/** `toolgate policy confirm`: shows what would become looser, asks, and puts it into force. */
export async function confirmPolicy(cli: Cli, yes: boolean): Promise<undefined> {
  const waiting = async (client: ControlClient) => {
    const policy = await client.call('policy.show', {})
    if (policy.waiting) return { ...policy, waiting: policy.waiting }
    throw nothingWaits()
  }
  const confirm = async (client: ControlClient) => {
    const before = await waiting(client)
    if (!cli.json || !yes) for (const line of waitingLines(before)) cli.say(line)
    if (!yes && !(await cli.terminal.confirm('Put this looser policy into force?')))
      throw declined('the policy in force stays as it was')
    return client.call('policy.confirm', { hash: before.waiting.hash })
  }
  const policy = await withPerson(cli, confirm, { first: waiting })
  cli.result(policy, () => [`in force: snapshot ${shortHash(policy.snapshot)}`])
}

function nothingWaits(): CliError {
  return new CliError(
    'NOTHING_WAITS',
    'no change of policy waits to be confirmed',
    'see `toolgate policy show`',
    exitCodes.no,
  )
}
