import { z } from 'zod'
import { actions, classifications } from '../../../shared/envelope.ts'
import { printable } from '../../../shared/printable.ts'
import { type ServerReview, type ToolFinding, ToolReview } from '../../../shared/server.ts'
import type { Cli } from '../cli.ts'
import { CliError, declined, usageError } from '../cli-error.ts'
import type { ControlClient } from '../control-client.ts'
import { count } from '../format.ts'
import { inWindow } from '../in-window.ts'
import { withPerson } from '../prove-presence.ts'
import { reviewLines } from '../review-text.ts'
import { serverNamed } from './servers.ts'

/** Options of `toolgate servers approve`. */
export type ApproveOptions = { tool: string[]; except: string[]; yes?: boolean }

/** `toolgate servers review`: runs the server once and shows what it offers, changing nothing. */
export async function reviewServer(cli: Cli, name: string): Promise<undefined> {
  const review = await withPerson(cli, (client) => askReview(client, name), { first: registered(name) })
  cli.result(review, () => reviewLines(review, new Map()))
}

/** Looks whether there is such a server, before anything is asked or run. */
function registered(name: string): (client: ControlClient) => Promise<unknown> {
  return async (client) => serverNamed(await client.call('servers.list', {}), name)
}

/** Runs the server once as it is registered when the command is given, and nothing else that was put in its place. */
async function askReview(client: ControlClient, name: string): Promise<ServerReview> {
  const { launch } = serverNamed(await client.call('servers.list', {}), name)
  return client.call('servers.review', { name, launch })
}

/** `toolgate servers approve`: shows every tool, asks once, and pins what was shown. */
export async function approveServer(cli: Cli, name: string, options: ApproveOptions): Promise<undefined> {
  const changes = new Map(options.tool.map(parseChange))
  let left: string[] = []
  const approve = async (client: ControlClient) => {
    const review = await askReview(client, name)
    const offered = review.tools.filter(({ status }) => status !== 'removed')
    refuseUnknown([...changes.keys(), ...options.except], offered)
    const wanted = offered
      .filter(({ tool }) => !options.except.includes(tool.name))
      .map((finding) => ({ finding, review: { ...finding.tool, ...changes.get(finding.tool.name) } }))
    const chosen = new Map(wanted.filter(isWithinReach).map((it) => [it.review.name, it.review]))
    left = wanted.filter((it) => !isWithinReach(it)).map((it) => it.review.name)
    if (!cli.json || !options.yes)
      for (const line of [...reviewLines(review, chosen), ...leftLines(name, left)]) cli.say(line)
    const question = `Approve ${printable(name)} with ${count(chosen.size, 'tool')} as shown?`
    if (!options.yes && !(await cli.terminal.confirm(question))) throw declined('nothing was approved')
    return client.call('servers.approve', { name, review_hash: review.review_hash, tools: [...chosen.values()] })
  }
  const server = await withPerson(cli, approve, { first: registered(name) })
  cli.result(server, () => [
    `${printable(name)} is approved: ${count(server.tools.length, 'tool')} pinned`,
    ...(cli.json || !options.yes ? [] : leftLines(name, left)),
  ])
}

/** The level up to which a terminal approves (contracts.md, doors); a tool takes the level of its tier. */
const terminalLevel = 2

/** Whether a terminal may approve a tool as it is decided; what is as it was approved stays so anyway. */
function isWithinReach({ finding, review }: { finding: ToolFinding; review: ToolReview }): boolean {
  if (Math.max(finding.level, review.tier) <= terminalLevel) return true
  return finding.status === 'unchanged' && JSON.stringify(review) === JSON.stringify(finding.tool)
}

function leftLines(name: string, left: readonly string[]): string[] {
  if (left.length === 0) return []
  return [
    '',
    `left out, because tier 3 is approved in the approval window alone: ${left.map((tool) => printable(tool)).join(', ')}`,
    inWindow(name),
  ]
}

const decidable = [
  'action',
  'classification',
  'tier',
  'tags',
  'repeatable',
  'purpose',
  'owner',
  'module',
  'sql_argument',
] as const
type Change = Partial<Pick<ToolReview, (typeof decidable)[number]>>

const { name: _name, fingerprint: _fingerprint, ...decided } = ToolReview.shape
/** Nothing that is not said has a value. */
const Change = z.strictObject({
  ...decided,
  purpose: decided.purpose.unwrap(),
  owner: decided.owner.unwrap(),
  module: decided.module.unwrap(),
  sql_argument: decided.sql_argument.unwrap(),
})

const keyed = decidable.join('|')
const changeShape = new RegExp(`^(.+?):((?:${keyed})=.*)$`, 's')
const nextKey = new RegExp(`,(?=(?:${keyed})=)`)

/** Reads `name:key=value,key=value`; a name may itself hold colons, words may hold commas. Several tags are joined by `+`. */
export function parseChange(text: string): [tool: string, change: Change] {
  const [, tool, list] = changeShape.exec(text) ?? []
  const wrong = usageError(
    `\`${text}\` does not say what to change of a tool`,
    `write TOOL:key=value,… with action (${actions.join(', ')}), classification (${classifications.join(', ')}), tier (1, 2, 3), tags (a+b), repeatable (true, false), purpose, owner, module, sql_argument`,
  )
  if (tool === undefined || list === undefined) throw wrong
  const raw: Record<string, unknown> = {}
  for (const pair of list.split(nextKey)) {
    const at = pair.indexOf('=')
    const [key, value] = [pair.slice(0, at), pair.slice(at + 1)]
    raw[key] = reviewValue(key, value)
  }
  const change = Change.partial().safeParse(raw)
  if (!change.success) throw wrong
  return [tool, change.data as Change]
}

function reviewValue(key: string, value: string): unknown {
  if (key === 'tier') return Number(value)
  if (key === 'tags') return value === '' ? [] : value.split('+')
  if (key === 'sql_argument') return value === '' ? null : value
  if (key === 'repeatable') return value === 'true' ? true : value === 'false' ? false : value
  return value
}

function refuseUnknown(named: readonly string[], offered: readonly ToolFinding[]): void {
  const unknown = named.find((name) => !offered.some(({ tool }) => tool.name === name))
  if (unknown === undefined) return
  throw new CliError(
    'NOT_FOUND',
    `the server does not offer a tool \`${unknown}\``,
    'see `toolgate servers review <name>`',
  )
}
