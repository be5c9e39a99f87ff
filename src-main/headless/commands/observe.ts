import type { ObserveScope, ObserveState, ObserveView } from '../../../shared/observe.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { declined, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { columns, count, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

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
  const scope = scopeOf(options)
  const { days, reason } = options
  const state = await withPerson(cli, async (client) => {
    const what = `${wordsOf(scope)} will run although policy would ask, bound or deny them for want of a rule`
    cli.say(`For ${count(days, 'day')}, ${printable(what)}. Rules that deny, held tools and a stop still hold.`)
    if (options.yes !== true && !(await cli.terminal.confirm('Turn observe mode on?')))
      throw declined('observe mode stays as it was')
    return client.call('observe.start', { scope, days, reason })
  })
  cli.result(state, () => observeLines(state))
}

/** `toolgate observe stop`. */
export async function stopObserving(cli: Cli, options: Scoped): Promise<undefined> {
  const scope = scopeOf(options)
  const state = await cli.withGateway((client) => client.call('observe.stop', { scope }))
  cli.result(state, () => observeLines(state))
}

function scopeOf({ server, client }: Scoped): ObserveScope {
  if (server !== undefined && client !== undefined) {
    throw usageError('`--server` and `--client` exclude each other', 'turn it on for one, then for the other')
  }
  return { ...(server === undefined ? {} : { server }), ...(client === undefined ? {} : { client }) }
}

function wordsOf({ server, client }: ObserveScope): string {
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
