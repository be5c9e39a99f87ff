import { printable } from '../../shared/printable.ts'
import type { Paths, Secrets } from '../core/ports.ts'
import { instancePaths } from '../host/paths.ts'
import { fileSecrets } from '../host/secrets.ts'
import { type ControlClient, connectControl, unreachable } from './control-client.ts'
import { startGateway } from './start-gateway.ts'
import { processTerminal, type Terminal } from './terminal.ts'

/** What every command works with. Values go to stdout, as one line of JSON when asked; all else goes to stderr. */
export type Cli = {
  paths: Paths
  secrets: Secrets
  json: boolean
  terminal: Terminal
  /** Prints the command's result: `value` as JSON, or else what `lines` makes of it, already printable. */
  result: (value: unknown, lines: () => readonly string[]) => void
  /** Says something beside the result, to people only. */
  say: (text: string) => void
  /** The running gateway; null when none runs. */
  running: () => Promise<ControlClient | null>
  /** The gateway, started if need be. */
  gateway: () => Promise<ControlClient>
  /** Runs `work` with the gateway and ends the connection after it. */
  withGateway: <T>(work: (client: ControlClient) => Promise<T>) => Promise<T>
}

/** Options that every command takes. */
export type GlobalOptions = { profile?: string; json?: boolean }

/** Builds what a command works with from its options. */
export function createCli(options: GlobalOptions): Cli {
  const paths = instancePaths(options.profile)
  const secrets = fileSecrets(paths.keys)
  const json = options.json === true
  const say = (text: string) => process.stderr.write(`${text}\n`)
  const running = () => connectControl(paths, secrets)

  const gateway = async () => {
    const client = await running()
    if (client) return client
    say(`no gateway runs for ${printable(paths.profile)}; starting one`)
    return startGateway(paths, secrets)
  }

  return {
    paths,
    secrets,
    json,
    say,
    running,
    gateway,
    terminal: processTerminal(process.stdin, process.stderr),
    result: (value, lines) => {
      process.stdout.write(
        json
          ? `${JSON.stringify(value)}\n`
          : lines()
              .map((line) => `${line}\n`)
              .join(''),
      )
    },
    async withGateway(work) {
      const client = await gateway()
      try {
        return await work(client)
      } finally {
        client.close()
      }
    },
  }
}

/** The running gateway, for commands that make no sense without one; throws UNREACHABLE. */
export async function runningGateway(cli: Cli): Promise<ControlClient> {
  const client = await cli.running()
  if (client) return client
  throw unreachable(`no gateway runs for \`${cli.paths.profile}\``, 'start one with `toolgate serve`')
}
