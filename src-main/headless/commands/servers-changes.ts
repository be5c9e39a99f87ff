import { printable } from '../../../shared/printable.ts'
import type { ServerChange } from '../../../shared/server-change.ts'
import type { Cli } from '../cli.ts'
import { CliError, declined } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { count } from '../format.ts'
import { inWindow } from '../in-window.ts'
import { changeLines } from '../review-text.ts'
import { serverNamed } from './servers.ts'

/** Options of `toolgate servers deny`. */
export type DenyOptions = { tool: string[]; reason: string; yes?: boolean }

/** `toolgate servers changes`: all that is not as it was approved. */
export async function listChanges(cli: Cli, name: string | undefined): Promise<undefined> {
  const changes = await cli.withGateway((client) => client.call('servers.changes', name === undefined ? {} : { name }))
  cli.result(changes, () =>
    changes.length === 0
      ? ['everything is as it was approved, as far as sessions saw it']
      : [...changes.flatMap((change) => [...changeLines(change), '']), ...changes.flatMap(nextLines)],
  )
}

/** What a person can do about what changed, and where. */
function nextLines({ server, runs, instructions, tools, new_tools }: ServerChange): string[] {
  const name = printable(server)
  const changed = [...tools, ...new_tools]
  const [here, elsewhere] = [changed.filter(({ tier }) => tier < 3), changed.filter(({ tier }) => tier === 3)]
  const atTerminal = here.length + runs.length > 0 || instructions !== null
  return [
    ...(atTerminal ? [asTyped(`approve with \`toolgate servers approve ${name}\``)] : []),
    ...(elsewhere.length > 0 ? [`what is of tier 3: ${inWindow(server)}`] : []),
    ...(atTerminal || elsewhere.length > 0 ? [asTyped(`deny with \`toolgate servers deny ${name}\``)] : []),
  ]
}

/** `toolgate servers deny`: says no to what changed, which then stays refused; to all of it, or to some tools. */
export async function denyChanges(cli: Cli, name: string, options: DenyOptions): Promise<undefined> {
  const server = await cli.withGateway(async (client) => {
    serverNamed(await client.call('servers.list', {}), name)
    const [change] = await client.call('servers.changes', { name })
    const wanted = wantedOf(change, options)
    if (!cli.json && change) for (const line of changeLines(change)) cli.say(line)
    const question = `Deny ${wordsOf(wanted)} of ${printable(name)}?`
    if (!options.yes && !(await cli.terminal.confirm(question))) throw declined('nothing was denied')
    return client.call('servers.deny', { name, ...wanted, reason: options.reason })
  })
  cli.result(server, () => [asTyped(`denied; it stays refused until \`toolgate servers approve ${printable(name)}\``)])
}

type Wanted = { tools: string[]; server: boolean; instructions: boolean }

function wantedOf(change: ServerChange | undefined, { tool: named }: DenyOptions): Wanted {
  if (named.length > 0) return { tools: named, server: false, instructions: false }
  const refused = new Set((change?.denied ?? []).map(({ what, tool }) => tool ?? what))
  const changed = [...(change?.tools ?? []), ...(change?.new_tools ?? [])].map(({ tool }) => tool)
  const wanted = {
    tools: changed.filter((tool) => !refused.has(tool)),
    server: (change?.runs.length ?? 0) > 0 && !refused.has('server'),
    instructions: (change?.instructions ?? null) !== null && !refused.has('instructions'),
  }
  if (wanted.tools.length > 0 || wanted.server || wanted.instructions) return wanted
  throw new CliError(
    'NOT_FOUND',
    'nothing changed that is not denied already',
    'name what to deny with --tool, or see `toolgate servers changes`',
  )
}

function wordsOf({ tools, server, instructions }: Wanted): string {
  const parts = [
    ...(server ? ['what it runs'] : []),
    ...(instructions ? ['its instructions'] : []),
    ...(tools.length > 0 ? [count(tools.length, 'tool')] : []),
  ]
  return parts.join(', ')
}

/** `toolgate tools unused`: reviewed tools that nobody called for a quarter. */
export async function listUnused(cli: Cli): Promise<undefined> {
  const unused = await cli.withGateway((client) => client.call('tools.unused', {}))
  cli.result(unused, () =>
    unused.length === 0
      ? ['every reviewed tool was called or reviewed within the last quarter']
      : [
          ...unused.map(({ server, tool }) => `${printable(server)}: ${printable(tool)}`),
          '',
          asTyped('take their approval away with `toolgate tools retire <server>`'),
        ],
  )
}

/** `toolgate tools retire`: takes the approval of tools away, of all unused ones unless some are named. */
export async function retireTools(cli: Cli, name: string, named: string[], yes: boolean): Promise<undefined> {
  const tools = await cli.withGateway(async (client) => {
    serverNamed(await client.call('servers.list', {}), name)
    const unused = (await client.call('tools.unused', {})).filter(({ server }) => server === name)
    const chosen = named.length > 0 ? named : unused.map(({ tool }) => tool)
    if (chosen.length === 0) {
      throw new CliError('NOT_FOUND', `no tool of \`${name}\` is unused`, 'name the tools to retire')
    }
    if (!cli.json || !yes) for (const tool of chosen) cli.say(`  ${printable(tool)}`)
    const question = `Take the approval of ${count(chosen.length, 'tool')} of ${printable(name)} away?`
    if (!yes && !(await cli.terminal.confirm(question))) throw declined('nothing was retired')
    await client.call('tools.retire', { server: name, tools: chosen })
    return chosen
  })
  cli.result({ server: name, retired: tools }, () => [
    `${count(tools.length, 'tool')} of ${printable(name)} refused until reviewed again`,
  ])
}
