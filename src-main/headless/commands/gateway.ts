import { type Cli, runningGateway } from '../cli.ts'
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

/** `toolgate shutdown`: ends the gateway that runs; clients start it again when they need it. */
export async function shutdown(cli: Cli): Promise<undefined> {
  const client = await runningGateway(cli)
  await client.call('shutdown', {})
  client.close()
  cli.result({ running: false }, () => ['the gateway ends'])
}
