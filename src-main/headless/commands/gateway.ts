import { type Cli, runningGateway } from '../cli.ts'
import { asTyped } from '../command-name.ts'
import { withPerson } from '../prove-presence.ts'
import { remindersOf, statusLines, troublesOf } from '../status-text.ts'

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

/** `toolgate stop`: halts everything, and starts a gateway for that if none runs, so that it stays halted. */
export async function stop(cli: Cli, reason: string): Promise<undefined> {
  await cli.withGateway((client) => client.call('stop', { reason }))
  cli.result({ stopped: true }, () => [asTyped('stopped: no tool runs until a person resumes with `toolgate resume`')])
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
