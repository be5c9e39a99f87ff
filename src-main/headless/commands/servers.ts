import { approvalState } from '../../../shared/approval-state.ts'
import { printable } from '../../../shared/printable.ts'
import type { ServerView } from '../../../shared/server.ts'
import type { ServerRun } from '../../../shared/server-run.ts'
import type { ToolApproval } from '../../../shared/tool-approval.ts'
import type { Cli } from '../cli.ts'
import { CliError, declined } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import { columns, count, when } from '../format.ts'
import { inWindow } from '../in-window.ts'
import { launchLines } from '../launch-text.ts'
import { withPerson } from '../prove-presence.ts'
import { runWords } from '../run-text.ts'
import { signInLines } from '../sign-in-text.ts'

/** `toolgate servers list`. */
export async function listServers(cli: Cli): Promise<undefined> {
  const { servers, runs } = await cli.withGateway(async (client) => ({
    servers: await client.call('servers.list', {}),
    runs: await client.call('servers.runs', {}),
  }))
  const runOf = ({ name }: ServerView) => runs.find((run) => run.name === name)
  cli.result(servers, () =>
    servers.length === 0
      ? [asTyped('no server is registered; register one with `toolgate servers add <name> -- <command…>`')]
      : servers.flatMap((server) => [...serverLines(server, runOf(server)), '']).slice(0, -1),
  )
}

/** A server in a few lines: how it stands and, where that is asked, how it does, then exactly what it runs. */
export function serverLines(server: ServerView, run?: ServerRun): string[] {
  const facts = [
    server.state,
    ...(run ? [runWords(run)] : []),
    `trust ${server.trust_level}`,
    `environment ${printable(server.environment)}`,
    count(server.tools.length, 'tool'),
    server.approved_at ? `approved ${when(server.approved_at)}` : `added ${when(server.added_at)}`,
    ...server.risk_tags.map((tag) => `#${printable(tag)}`),
  ]
  const said = [
    ...(server.purpose ? [`for ${printable(server.purpose)}`] : []),
    ...(server.owner ? [`owner ${printable(server.owner)}`] : []),
    ...(server.sql_dialect ? [`SQL as ${server.sql_dialect}`] : []),
  ]
  const held = server.held_tools.map(
    (tool) => `  !      \`${printable(tool)}\` changed since it was approved and is held`,
  )
  const odd = server.odd_names.flatMap(({ tool, signs }) =>
    signs.map((sign) => `  !      ${tool === null ? '' : `\`${printable(tool)}\`: `}${printable(sign)}`),
  )
  const fresh = server.new_tools.length
  return [
    `${printable(server.name)}: ${facts.join(', ')}`,
    ...(said.length > 0 ? [`  ${said.join(', ')}`] : []),
    ...launchLines(server.launch).map((line) => `  ${line}`),
    ...(server.sign_in ? signInLines(server.sign_in, server.name) : []).map((line) => `  ${line}`),
    ...held,
    ...(fresh > 0 ? [`  !      ${count(fresh, 'new tool')} that nobody reviewed`] : []),
    ...odd,
  ]
}

/** The registered server of this name; throws NOT_FOUND. */
export function serverNamed(servers: readonly ServerView[], name: string): ServerView {
  const server = servers.find((candidate) => candidate.name === name)
  if (server) return server
  throw new CliError('NOT_FOUND', `no server \`${name}\` is registered`, 'see `toolgate servers list`')
}

/** `toolgate servers remove`. */
export async function removeServer(cli: Cli, name: string, yes: boolean): Promise<undefined> {
  await cli.withGateway(async (client) => {
    const server = serverNamed(await client.call('servers.list', {}), name)
    if (!cli.json) for (const line of serverLines(server)) cli.say(line)
    if (!yes && !(await cli.terminal.confirm(`Forget ${printable(name)} and the review of its tools?`)))
      throw declined('nothing was removed')
  })
  await withPerson(cli, (client) => client.call('servers.remove', { name }))
  cli.result({ removed: name }, () => [`${printable(name)} is forgotten; its records stay in the audit`])
}

/** Until when an approval counts, and whether its review is called for. */
function approvalWords(approval: ToolApproval): string {
  const state = approvalState(approval, Date.now())
  if (state === 'review_due') return `review due since ${day(approval.expires_at)}: held`
  return state === 'review_soon'
    ? `review due by ${day(approval.expires_at)}`
    : `approved until ${day(approval.expires_at)}`
}

function day(iso: string): string {
  return when(iso).slice(0, 10)
}

/** `toolgate tools list`: each tool as its server calls it, and in the end as it is called among those of all servers. */
export async function listTools(cli: Cli, name: string): Promise<undefined> {
  const server = serverNamed(await cli.withGateway((client) => client.call('servers.list', {})), name)
  const tools = server.tools.map((tool, index) => ({
    ...{ ...tool, shared_name: server.shared_names[index] ?? '' },
    approval: server.approvals[index] ?? null,
  }))
  cli.result(tools, () =>
    server.tools.length + server.new_tools.length === 0
      ? [
          asTyped(
            `no tool of ${printable(name)} is reviewed; review them with \`toolgate servers approve ${printable(name)}\``,
          ),
        ]
      : [
          ...columns(
            tools.map(({ name: tool, approval, action, classification, tier, tags, repeatable, shared_name }) => [
              tool,
              action,
              classification,
              `tier ${tier}`,
              server.held_tools.includes(tool) ? 'held: it changed' : repeatable ? 'safe to repeat' : '',
              tags.map((tag) => `#${tag}`).join(' '),
              approval ? approvalWords(approval) : '',
              `at /mcp: ${shared_name}`,
            ]),
          ),
          ...unreviewedLines(server),
        ],
  )
}

/** Tools that it offers and nobody approved, each with where that is done. */
function unreviewedLines({ name, new_tools, new_tiers }: ServerView): string[] {
  if (new_tools.length === 0) return []
  const rows = new_tools.map((tool, index) => ({ tool, tier: new_tiers[index] ?? 3 }))
  const some = (grave: boolean) => rows.some(({ tier }) => (tier === 3) === grave)
  return [
    '',
    'not approved, so refused:',
    ...columns(rows.map(({ tool, tier }) => [`! ${tool}`, `tier ${tier}`])),
    ...(some(false) ? [asTyped(`→ approve with \`toolgate servers approve ${printable(name)}\``)] : []),
    ...(some(true) ? [`→ what is of tier 3: ${inWindow(name)}`] : []),
  ]
}
