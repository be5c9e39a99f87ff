import type { OverrideState } from '../../../shared/override.ts'
import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { asTyped } from '../command-name.ts'
import { columns, count, when } from '../format.ts'

/** `toolgate override show`. */
export async function showOverrides(cli: Cli): Promise<undefined> {
  const state = await cli.withGateway((client) => client.call('override.show', {}))
  cli.result(state, () => linesOf(state))
}

/** `toolgate override end`: all of them, at once. */
export async function endOverrides(cli: Cli): Promise<undefined> {
  const state = await cli.withGateway((client) => client.call('override.end', { scope: {} }))
  cli.result(state, () => linesOf(state))
}

function linesOf({ overrides, forbidden }: OverrideState): string[] {
  if (forbidden) return ['off: policy forbids it']
  if (overrides.length === 0) return ['off: policy decides every call']
  return [
    ...columns(
      overrides.map(({ scope, name, title, ends_at, calls, reason }) => [
        scope === 'all'
          ? 'every call'
          : `${scope} ${printable(title)}${scope === 'client' ? ` (${printable(name)})` : ''}`,
        `until ${when(ends_at)}`,
        `let ${count(calls, 'call')} through`,
        reason,
      ]),
    ),
    asTyped('End them at once with `toolgate override end`.'),
  ]
}
