import { callErrors } from '../../../shared/call-errors.ts'
import type { ObserveScope, ObserveState, ObserveView } from '../../../shared/observe.ts'
import { mostObserveDays } from '../../../shared/observe-days.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { CliError, declined, usageError } from '../cli-error.ts'
import { clientNamed } from '../client-named.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { columns, count, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'
import { serverNamed } from './servers.ts'

type Scoped = { server?: string; client?: string }

/** `toolgate observe show`. */
export async function showObserving(cli: Cli): Promise<undefined> {
  const state = await cli.withGateway((client) => client.call('observe.show', {}))
  cli.result(state, () => observeLines(state))
}

/** `toolgate observe start`: says what it means, asks, and turns it on. */
export async function startObserving(
  cli: Cli,
  options: Scoped & { days: number; reason: string; yes?: boolean },
): Promise<undefined> {
  const { days, reason } = options
  if (days < 1 || days > mostObserveDays)
    throw usageError(`\`${days}\` is no number of days`, `write a whole number from 1 to ${mostObserveDays}`)
  let scope: ObserveScope = {}
  const first = async (client: ControlClient) => {
    scope = await scopeOf(options, client)
    if (scope.server !== undefined) serverNamed(await client.call('servers.list', {}), scope.server)
    const { forbidden } = await client.call('observe.show', {})
    const [message, hint] = callErrors.OBSERVE_FORBIDDEN
    if (forbidden) throw new CliError('OBSERVE_FORBIDDEN', message, hint)
  }
  const start = async (client: ControlClient) => {
    const what = `${wordsOf(options)} will run although policy would ask, bound or deny them for want of a rule`
    cli.say(`For ${count(days, 'day')}, ${printable(what)}. Rules that deny, held tools and a stop still hold.`)
    if (options.yes !== true && !(await cli.terminal.confirm('Turn observe mode on?')))
      throw declined('observe mode stays as it was')
    return client.call('observe.start', { scope, days, reason })
  }
  const state = await withPerson(cli, start, { first })
  cli.result(state, () => observeLines(state))
}

/** `toolgate observe stop`. */
export async function stopObserving(cli: Cli, options: Scoped): Promise<undefined> {
  const state = await cli.withGateway(async (client) =>
    client.call('observe.stop', { scope: await scopeOf(options, client) }),
  )
  cli.result(state, () => observeLines(state))
}

async function scopeOf({ server, client }: Scoped, control: ControlClient): Promise<ObserveScope> {
  if (server !== undefined && client !== undefined) {
    throw usageError('`--server` and `--client` exclude each other', 'turn it on for one, then for the other')
  }
  return {
    ...(server === undefined ? {} : { server }),
    ...(client === undefined ? {} : { client: await clientNamed(client, control) }),
  }
}

function wordsOf({ server, client }: Scoped): string {
  if (server !== undefined) return `calls to \`${server}\``
  return client === undefined ? 'all calls' : `calls of the client \`${client}\``
}

function observeLines({ observing, forbidden }: ObserveState): string[] {
  if (forbidden) return ['off: policy forbids it']
  if (observing.length === 0) return ['off: policy decides every call']
  return [
    ...columns(
      observing.map((one) => [subjectOf(one), `until ${when(one.expires_at)}`, relaxedWords(one), one.reason]),
    ),
    asTyped('End it at once with `toolgate observe stop`.'),
  ]
}

function subjectOf({ scope, name, title }: ObserveView): string {
  if (scope === 'all') return 'every call'
  return scope === 'server' ? `server ${printable(name)}` : `client ${printable(title)} (${printable(name)})`
}

function relaxedWords({ relaxed }: ObserveView): string {
  return relaxed === 0 ? 'let nothing through yet' : `let ${count(relaxed, 'call')} through`
}
