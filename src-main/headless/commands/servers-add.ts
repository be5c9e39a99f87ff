import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { TrustLevel } from '../../../shared/envelope.ts'
import { printable } from '../../../shared/printable.ts'
import { type LaunchSpec, ServerName } from '../../../shared/server.ts'
import type { Cli } from '../cli.ts'
import { declined, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { findCommand, realTarget } from '../find-command.ts'
import { launchLines } from '../launch-text.ts'
import { serverLines } from './servers.ts'

/** Options of `toolgate servers add`. */
export type AddOptions = {
  env: string[]
  cwd?: string
  trust: TrustLevel
  environment: string
  riskTag: string[]
  yes?: boolean
}

/** `toolgate servers add`: shows exactly what the server would run, asks, and registers it unapproved. */
export async function addServer(
  cli: Cli,
  name: string,
  words: readonly string[],
  options: AddOptions,
): Promise<undefined> {
  const named = ServerName.safeParse(name)
  if (!named.success)
    throw usageError(`\`${name}\` cannot be the name of a server`, named.error.issues[0]?.message ?? '')
  const launch = launchOf(words, options)
  const target = realTarget(launch.command)
  const shown = [
    `${name} would be registered; it stays without rights until you approve it.`,
    ...launchLines(launch),
    ...(target ? [`       (${printable(launch.command)} leads to ${printable(target)})`] : []),
    `trust  ${options.trust}, environment ${printable(options.environment)}`,
  ]
  if (!cli.json || !options.yes) for (const line of shown) cli.say(line)
  if (!options.yes && !(await cli.terminal.confirm('Register this server?'))) throw declined('nothing was registered')
  const server = await cli.withGateway((client) =>
    client.call('servers.add', {
      name,
      launch,
      trust_level: options.trust,
      environment: options.environment,
      risk_tags: options.riskTag,
    }),
  )
  cli.result(server, () => [
    ...serverLines(server),
    '',
    asTyped(`next: \`toolgate servers approve ${printable(name)}\``),
  ])
}

/** What would run: the command by its absolute path, its words untouched, the folder and variables that were asked for. */
function launchOf([command = '', ...args]: readonly string[], options: AddOptions): LaunchSpec {
  const cwd = resolve(options.cwd ?? process.cwd())
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw usageError(`there is no folder \`${cwd}\``, 'name an existing folder with --cwd')
  }
  return { command: findCommand(command, cwd), args, env: Object.fromEntries(options.env.map(variable)), cwd }
}

/** `NAME=value`, or `NAME` alone to take the value from the caller's own environment, which keeps it out of their history. */
function variable(text: string): [name: string, value: string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([\s\S]*))?$/.exec(text) ?? []
  if (name === undefined) throw usageError(`\`${text}\` is no environment variable`, 'write NAME=value, or NAME alone')
  const given = value ?? process.env[name]
  if (given === undefined)
    throw usageError(`\`${name}\` is not set in your environment`, 'write NAME=value, or set it first')
  return [name, given]
}
