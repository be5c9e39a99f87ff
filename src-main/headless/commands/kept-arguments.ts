import { printable } from '../../../shared/printable.ts'
import type { Cli } from '../cli.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate audit arguments`: what a call asked for, where a rule said to keep it. */
export async function showArguments(cli: Cli, call: string, why: string): Promise<undefined> {
  const kept = await withPerson(cli, (client) => client.call('activity.arguments', { call_id: call, why }))
  cli.result(kept, () => [`sha-256  ${kept.arguments_hash}`, ...kept.params.split('\n').map(printable)])
}
