import type { StatusView } from '../../shared/calls.ts'
import { printable } from '../../shared/printable.ts'
import type { RunState } from '../../shared/server-run.ts'
import type { HaltView } from '../../shared/stop.ts'
import { asTyped } from './command-name.ts'
import { columns, count, shortHash, when } from './format.ts'
import { streamText } from './stream-text.ts'

/** The instance at a glance: gateway, profile, policy, record, and each server it guards. */
export function statusLines(status: StatusView): string[] {
  const { policy, audit } = status
  return [
    ...columns([
      ['gateway', `${status.version}, process ${status.pid}, since ${when(status.started_at)}`],
      ['profile', status.profile],
      ['http', status.http ?? `shut${status.http_problem ? `: ${status.http_problem}` : ''}`],
      ...(status.http_public === null ? [] : [['public', `${status.http_public}, by your proxy`]]),
      ['policy', `${count(policy.rules, 'rule')}, snapshot ${shortHash(policy.snapshot)}`],
      ['audit', `${count(audit.entries, 'record')}`],
      ...audit.streams.map((stream) => ['', `to ${stream.name}: ${streamText(stream, audit.entries)}`]),
      ['waiting', `${count(status.approvals, 'call')} and ${count(status.apps, 'app')} for a person`],
      ['prompts', asTyped(`appear in ${status.prompts.how.join(', ') || 'nothing that is open'}`)],
      ['clients', `${count(status.sessions, 'session')} open`],
      ...unknownLine(status.unknown_servers),
    ]),
    ...status.servers.map(
      ({ name, state, tools, sessions, runs }) =>
        `  ${printable(name)}: ${state}, ${runs === 'crashing' ? 'keeps ending' : runs}, ${count(tools, 'tool')}, ${count(sessions, 'session')}`,
    ),
  ]
}

function unknownLine({ refused, names }: StatusView['unknown_servers']): string[][] {
  if (refused === 0) return []
  return [['refused', `${count(refused, 'request')} to servers that nobody registered: ${names.join(', ')}`]]
}

/** What is wrong, each with the command that helps. */
export function troublesOf({ halts, policy, audit, servers, settings_problem, prompts }: StatusView): string[] {
  const problems = `the policy folder has ${count(policy.problems, 'problem')}: \`toolgate policy show\``
  const troubles = [
    ...halts.map((halt) => `stopped: ${haltText(halt)}: \`toolgate resume\``),
    ...(policy.snapshot === null ? ['no policy is in force, so nothing is allowed: `toolgate policy show`'] : []),
    ...(policy.problems > 0 ? [problems] : []),
    ...(audit.writable ? [] : ['the audit record cannot be written, so no call is made: `toolgate doctor`']),
    ...(audit.gap ? ['the audit record has a gap: `toolgate audit verify`'] : []),
    ...audit.streams.flatMap(({ name, problem }) =>
      problem?.urgent
        ? [`records do not reach ${printable(name)}: ${printable(problem.text)}: \`toolgate audit stream list\``]
        : [],
    ),
    ...(settings_problem ? ['the settings cannot be used, those before stay: `toolgate settings show`'] : []),
    ...promptTrouble(prompts),
    ...servers.flatMap(({ name, runs }) => serverTrouble(printable(name), runs)),
  ]
  return troubles.map(asTyped)
}

/** What is stopped, since when, by whom and why, in one line. */
export function haltText({ scope, name, title, since, by, door, tripped_by, reason }: HaltView): string {
  const what = {
    all: 'everything',
    server: `server \`${printable(name)}\``,
    client: `client \`${printable(title)}\` (${printable(name)})`,
  }[scope]
  const who = tripped_by === null ? (by === '' ? '' : `by ${by} (${door})`) : `by the gate \`${tripped_by}\``
  const why = reason === '' ? '' : `“${printable(reason)}”`
  return [what, since === null ? '' : `since ${when(since)}`, who, why].filter((part) => part !== '').join(', ')
}

function promptTrouble({ how, problem }: StatusView['prompts']): string[] {
  if (how.length > 0) return problem === null ? [] : [problem]
  return [`calls that need a person are refused, since nothing shows them: ${problem ?? 'open the app'}`]
}

function serverTrouble(name: string, runs: RunState): string[] {
  if (runs === 'crashing')
    return [`\`${name}\` keeps ending, so its calls are refused: \`toolgate servers show ${name}\``]
  return runs === 'unreachable'
    ? [`\`${name}\` could not be reached the last time: \`toolgate servers show ${name}\``]
    : []
}

/** What waits for a person, each with the command that does it. */
export function remindersOf(status: StatusView): string[] {
  const { policy, presence_enrolled, presence_lost, servers, reviews, observing, overrides, incidents, apps } = status
  const unapproved = servers
    .filter(({ state }) => state !== 'approved')
    .map(({ name, state }) => [printable(name), state])
  const reminders = [
    ...overrides.map(({ scope, title, ends_at }) => {
      const what = scope === 'all' ? 'every call' : `${scope} \`${printable(title)}\``
      return `an override is on for ${what} until ${when(ends_at)}: \`toolgate override end\``
    }),
    ...(incidents > 0 ? [`${count(incidents, 'incident')} open: \`toolgate incidents list\``] : []),
    ...observing.map(({ scope, title, expires_at }) => {
      const what = scope === 'all' ? 'every call' : `${scope} \`${printable(title)}\``
      return `observe mode is on for ${what} until ${when(expires_at)}: \`toolgate observe stop\``
    }),
    ...(apps > 0 ? [`${count(apps, 'app')} ${apps === 1 ? 'asks' : 'ask'} to connect: \`toolgate apps list\``] : []),
    ...(policy.waiting ? ['a looser policy waits for you: `toolgate policy confirm`'] : []),
    ...(presence_enrolled
      ? []
      : [presence_lost ? 'the PIN is lost: `toolgate doctor`' : 'no PIN is enrolled: `toolgate presence enroll`']),
    ...(reviews.due > 0
      ? [`${count(reviews.due, 'tool')} held until the review that is due: \`toolgate servers list\``]
      : []),
    ...(reviews.soon > 0
      ? [`the review of ${count(reviews.soon, 'tool')} is due within two weeks: \`toolgate servers list\``]
      : []),
    ...unapproved.map(([name, state]) => `\`${name}\` is ${state}, not approved: \`toolgate servers approve ${name}\``),
  ]
  return reminders.map(asTyped)
}
