import { printable, printableLines } from '../../shared/printable.ts'
import type { ServerReview, ToolFinding, ToolReview } from '../../shared/server.ts'
import type { ServerChange } from '../../shared/server-change.ts'
import type { IdentityView } from '../../shared/server-identity.ts'
import { serverLines } from './commands/servers.ts'
import { shortHash, when } from './format.ts'

/** Everything a person has to see before saying yes: what runs, what it instructs, and of every tool what it is and what changed. */
export function reviewLines(review: ServerReview, chosen: ReadonlyMap<string, ToolReview>): string[] {
  const { server, tools, instructions, instruction_changes, instruction_warnings, identity, runs, last_used } = review
  return [
    ...serverLines(server),
    ...identityLines(identity),
    ...runs.map((change) => `  ~ ${printable(change)}`),
    '',
    ...(instructions === ''
      ? []
      : [
          'it tells every model that uses it:',
          ...printableLines(instructions).map((line) => `  │ ${line}`),
          ...instruction_changes.map((change) => `  ~ ${printable(change)}`),
          ...instruction_warnings.map((warning) => `  ! ${printable(warning)}`),
          '',
        ]),
    ...tools.flatMap((finding, at) =>
      findingLines(finding, chosen.get(finding.tool.name), review.server.approved_at ? (last_used[at] ?? null) : ''),
    ),
  ]
}

/** The files and the package that an approval pins. */
function identityLines({ files, package: run, unpinned }: IdentityView): string[] {
  return [
    ...files.map(({ role, path, sha256 }) => `  pins   ${role} ${printable(path)} (SHA-256 ${shortHash(sha256)}…)`),
    ...(run ? [`  pins   package ${printable(run.name)} ${printable(run.version)}`] : []),
    ...unpinned.map((words) => `  !      ${printable(words)}`),
  ]
}

/** `lastUsed`: null for not within a quarter, empty where that is nothing to say. */
function findingLines(finding: ToolFinding, chosen: ToolReview | undefined, lastUsed: string | null): string[] {
  const { tool, status, title, description, changes, warnings } = finding
  const given = chosen ?? tool
  const decided =
    chosen && JSON.stringify(chosen) !== JSON.stringify(tool) ? `, proposed was ${tool.action}, tier ${tool.tier}` : ''
  const used =
    status === 'new' || lastUsed === ''
      ? ''
      : lastUsed
        ? `, last called ${when(lastUsed)}`
        : ', not called for a quarter'
  return [
    `${status.padEnd(9)} ${printable(tool.name)}: ${traitsOf(given).join(', ')}${decided}${used}`,
    ...(title ? [`  │ ${printable(title)}`] : []),
    ...printableLines(description).map((line) => `  │ ${line}`),
    ...changes.map((change) => `  ~ ${printable(change)}`),
    ...warnings.map((warning) => `  ! ${printable(warning)}`),
  ]
}

function traitsOf(tool: ToolReview): string[] {
  return [
    tool.action,
    tool.classification,
    `tier ${tool.tier}`,
    ...(tool.repeatable ? ['safe to repeat'] : []),
    ...(tool.module ? [`module ${printable(tool.module)}`] : []),
    ...(tool.sql_argument ? [`SQL in ${printable(tool.sql_argument)}`] : []),
    ...(tool.owner ? [`owner ${printable(tool.owner)}`] : []),
    ...(tool.purpose ? [`for ${printable(tool.purpose)}`] : []),
    ...tool.tags.map((tag) => `#${printable(tag)}`),
  ]
}

/** What of a server is not as it was approved, meaning first. */
export function changeLines({ server, runs, instructions, tools, new_tools, denied }: ServerChange): string[] {
  const no = denied.map(
    ({ what, tool, at, by, reason }) =>
      `  x ${tool === null ? what : printable(tool)}: denied ${when(at)} by ${printable(by)}${reason ? `: ${printable(reason)}` : ''}`,
  )
  return [
    `${printable(server)}:`,
    ...runs.map((change) => `  ~ ${printable(change)}`),
    ...(instructions?.changes ?? []).map((change) => `  ~ ${printable(change)}`),
    ...printableLines(instructions?.now ?? '')
      .filter((line) => line !== '')
      .map((line) => `    │ ${line}`),
    ...tools.flatMap(({ tool, tier, changes }) => [
      `  changed   ${printable(tool)}${tierWords(tier)}`,
      ...changes.map((change) => `    ~ ${printable(change)}`),
    ]),
    ...new_tools.flatMap(({ tool, tier, signs }) => [
      `  new       ${printable(tool)}${tierWords(tier)}`,
      ...signs.map((sign) => `    ! ${printable(sign)}`),
    ]),
    ...no,
  ]
}

function tierWords(tier: number): string {
  return tier === 3 ? ': tier 3, which no terminal approves' : ''
}
