import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { TrustLevel } from '../../../shared/envelope.ts'
import { printable } from '../../../shared/printable.ts'
import { type AskedLaunch, ServerName } from '../../../shared/server.ts'
import type { Cli } from '../cli.ts'
import { declined, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { findCommand, realTarget } from '../find-command.ts'
import { launchLines } from '../launch-text.ts'
import { type FactOptions, factsIn } from '../server-facts.ts'
import { serverLines } from './servers.ts'

/** Options of `toolgate servers add`. */
export type AddOptions = {
  env: string[]
  url?: string
  header: string[]
  cwd?: string
  trust: TrustLevel
  environment: string
  riskTag: string[]
  yes?: boolean
} & FactOptions

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
  const launch =
    options.url === undefined ? launchOf(words, options) : await addressOf(cli, options.url, words, options)
  const { replaces } = await cli.withGateway((client) => client.call('servers.check', { name, launch }))
  const target = launch.transport === 'stdio' ? realTarget(launch.command) : null
  const shown = [
    `${name} would be registered; it stays without rights until you approve it.`,
    ...(replaces ? [`! another ${name} is registered, and not approved: this one takes its place`] : []),
    ...launchLines(launch),
    ...(target ? [`       (${printable(words[0] ?? '')} leads to ${printable(target)})`] : []),
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
      ...factsIn(options),
    }),
  )
  cli.result(server, () => [
    ...serverLines(server),
    '',
    asTyped(`next: \`toolgate servers approve ${printable(name)}\``),
  ])
}

/** What would run: the command by its absolute path, its words untouched, the folder and variables that were asked for. */
function launchOf([command = '', ...args]: readonly string[], options: AddOptions): AskedLaunch {
  if (command === '') {
    throw usageError('neither a command nor a URL is given', 'write -- <command…>, or --url https://…')
  }
  if (options.header.length > 0) throw usageError('--header goes with --url', 'use --env for what a program needs')
  const cwd = resolve(options.cwd ?? process.cwd())
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw usageError(`there is no folder \`${cwd}\``, 'name an existing folder with --cwd')
  }
  const env = Object.fromEntries(options.env.map(variable))
  return { transport: 'stdio', command: findCommand(command, cwd), args, env, cwd }
}

/** `NAME=value`, or `NAME` alone to take the value from the caller's own environment, which keeps it out of their history. */
export function variable(text: string): [name: string, value: string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([\s\S]*))?$/.exec(text) ?? []
  if (name === undefined) throw usageError(`\`${text}\` is no environment variable`, 'write NAME=value, or NAME alone')
  const given = value ?? process.env[name]
  if (given === undefined)
    throw usageError(`\`${name}\` is not set in your environment`, 'write NAME=value, or set it first')
  return [name, given]
}

/** Where a server is reached, and the headers that go with every message. */
async function addressOf(cli: Cli, url: string, words: readonly string[], options: AddOptions): Promise<AskedLaunch> {
  if (words.length > 0 || options.cwd !== undefined || options.env.length > 0) {
    throw usageError('a server with a URL runs elsewhere', 'leave out the command, --env and --cwd')
  }
  const headers: Record<string, string> = {}
  for (const text of options.header) {
    const [name, value] = await headerFrom(cli, text)
    headers[name] = value
  }
  return { transport: 'http', url, headers }
}

/**
 * `Name: value`, or `Name` alone: then the value is taken from the variable TOOLGATE_HEADER_NAME or asked for without showing it,
 * which keeps it out of the caller's history.
 */
export async function headerFrom(cli: Cli, text: string): Promise<[name: string, value: string]> {
  const [, name, given] = /^([\w!#$%&'*+.^`|~-]{1,100})(?::([\s\S]*))?$/.exec(text) ?? []
  if (name === undefined) throw usageError(`\`${text}\` is no header`, "write 'Name: value', or the name alone")
  const variableName = `TOOLGATE_HEADER_${name.toUpperCase().replaceAll(/\W/g, '_')}`
  let value = given ?? process.env[variableName]
  if (value === undefined) {
    if (!cli.terminal.interactive) {
      throw usageError(`no value for the header \`${name}\` is given`, `set ${variableName}, or run it in a terminal`)
    }
    value = await cli.terminal.secret(`Value of ${name} (not shown): `)
  }
  const trimmed = value.trim()
  if (!/^[\x20-\x7e]{1,8192}$/.test(trimmed)) {
    throw usageError(`the value of the header \`${name}\` is empty or not plain text`, 'give 1–8,192 plain letters')
  }
  return [name, trimmed]
}
