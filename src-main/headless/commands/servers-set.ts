import { resolve } from 'node:path'
import type { TrustLevel } from '../../../shared/envelope.ts'
import { launchWord } from '../../../shared/launch.ts'
import { printable } from '../../../shared/printable.ts'
import type { LaunchChange, ServerView } from '../../../shared/server.ts'
import type { Cli } from '../cli.ts'
import { declined, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { findCommand } from '../find-command.ts'
import { type FactOptions, factsIn } from '../server-facts.ts'
import { serverLines, serverNamed } from './servers.ts'
import { headerFrom, variable } from './servers-add.ts'

/** Options of `toolgate servers set`. */
export type SetOptions = {
  url?: string
  header: string[]
  unsetHeader: string[]
  env: string[]
  unsetEnv: string[]
  cwd?: string
  trust?: TrustLevel
  environment?: string
  riskTag: string[]
  yes?: boolean
} & FactOptions

/** `toolgate servers set`: shows a server and what would be otherwise, asks, and changes it; it then waits for a new approval. */
export async function setServer(
  cli: Cli,
  name: string,
  words: readonly string[],
  options: SetOptions,
): Promise<undefined> {
  const before = serverNamed(await cli.withGateway((client) => client.call('servers.list', {})), name)
  const launch =
    before.launch.transport === 'http'
      ? await addressChange(cli, words, options)
      : commandChange(before.launch.cwd, words, options)
  const judged = {
    ...(options.trust ? { trust_level: options.trust } : {}),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.riskTag.length > 0 ? { risk_tags: options.riskTag } : {}),
    ...factsIn(options),
  }
  const lines = [
    ...(launch ? changeLines(launch) : []),
    ...Object.entries(judged).map(([key, value]) => changed(key.replaceAll('_', ' '), String(value ?? 'none'))),
  ]
  if (lines.length === 0) throw usageError('nothing is to be changed', 'see `toolgate servers set --help`')
  if (!cli.json || !options.yes) for (const line of [...serverLines(before), '', ...lines]) cli.say(line)
  const described = !launch && Object.keys(judged).every((key) => key === 'owner' || key === 'purpose')
  const question = described ? 'Change this server?' : 'Change this server? It has to be approved again.'
  if (!options.yes && !(await cli.terminal.confirm(question))) {
    throw declined('nothing was changed')
  }
  const server = await cli.withGateway((client) =>
    client.call('servers.set', { name, ...judged, ...(launch ? { launch } : {}) }),
  )
  cli.result(server, () => [...serverLines(server), '', ...nextStep(server)])
}

function nextStep({ name, state }: ServerView): string[] {
  return state === 'approved' ? [] : [asTyped(`next: \`toolgate servers approve ${printable(name)}\``)]
}

function commandChange(cwd: string, [command, ...args]: readonly string[], options: SetOptions): LaunchChange | null {
  if (options.url !== undefined || options.header.length + options.unsetHeader.length > 0) {
    throw usageError('this server runs here and has no URL', 'use --env for what a program needs')
  }
  const folder = options.cwd === undefined ? cwd : resolve(options.cwd)
  const env = { ...nothing(options.unsetEnv), ...Object.fromEntries(options.env.map(variable)) }
  const change = {
    ...(command === undefined ? {} : { command: findCommand(command, folder), args }),
    ...(options.cwd === undefined ? {} : { cwd: folder }),
    ...(Object.keys(env).length > 0 ? { env } : {}),
  }
  return Object.keys(change).length > 0 ? { transport: 'stdio', ...change } : null
}

async function addressChange(cli: Cli, words: readonly string[], options: SetOptions): Promise<LaunchChange | null> {
  if (words.length > 0 || options.cwd !== undefined || options.env.length + options.unsetEnv.length > 0) {
    throw usageError('a server with a URL runs elsewhere', 'leave out the command, --env and --cwd')
  }
  const headers: Record<string, string | null> = nothing(options.unsetHeader)
  for (const text of options.header) {
    const [name, value] = await headerFrom(cli, text)
    headers[name] = value
  }
  const change = {
    ...(options.url === undefined ? {} : { url: options.url }),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
  }
  return Object.keys(change).length > 0 ? { transport: 'http', ...change } : null
}

function nothing(names: readonly string[]): Record<string, null> {
  return Object.fromEntries(names.map((name) => [name, null]))
}

/** What would be otherwise; values of headers are never shown, those of variables this once. */
function changeLines(change: LaunchChange): string[] {
  if (change.transport === 'http') {
    const headers = Object.entries(change.headers ?? {})
    return [
      ...(change.url === undefined ? [] : [changed('at', launchWord(change.url))]),
      ...headers.map(([name, value]) => changed('with', `${printable(name)}: ${value === null ? 'left out' : '…'}`)),
    ]
  }
  const { command, args = [], cwd, env = {} } = change
  return [
    ...(command === undefined ? [] : [changed('runs', [command, ...args].map(launchWord).join(' '))]),
    ...(cwd === undefined ? [] : [changed('in', launchWord(cwd))]),
    ...Object.entries(env).map(([name, value]) =>
      changed('with', value === null ? `${printable(name)} left out` : `${printable(name)}=${launchWord(value)}`),
    ),
  ]
}

function changed(what: string, value: string): string {
  return `then   ${what} ${printable(value)}`
}
