import { printable } from '../../../shared/printable.ts'
import type { ServerRun } from '../../../shared/server-run.ts'
import type { Cli } from '../cli.ts'
import type { ControlClient } from '../control-client.ts'
import { runLines, runWords } from '../run-text.ts'
import { serverLines, serverNamed } from './servers.ts'

/** How each server does, by its name. */
export async function runsByName(client: ControlClient): Promise<Map<string, ServerRun>> {
  return new Map((await client.call('servers.runs', {})).map((run) => [run.name, run]))
}

/** `toolgate servers show`: what a server runs, how it stands, and how its processes do. */
export async function showServer(cli: Cli, name: string): Promise<undefined> {
  const { server, run } = await cli.withGateway(async (client) => ({
    server: serverNamed(await client.call('servers.list', {}), name),
    run: (await runsByName(client)).get(name) ?? null,
  }))
  cli.result({ ...server, run }, () => [...serverLines(server), ...(run ? runLines(run, Date.now()) : [])])
}

/** `toolgate servers restart`. */
export async function restartServer(cli: Cli, name: string): Promise<undefined> {
  const run = await cli.withGateway((client) => client.call('servers.restart', { name }))
  cli.result(run, () => [`${printable(name)} is started again: ${runWords(run)}`])
}

/** `toolgate servers stop`. */
export async function stopServer(cli: Cli, name: string): Promise<undefined> {
  const run = await cli.withGateway((client) => client.call('servers.stop', { name }))
  cli.result(run, () => [`${printable(name)} is ended; the next request of a client starts it again`])
}
