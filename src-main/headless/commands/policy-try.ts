import { readFileSync } from 'node:fs'
import type { Output } from '../../../shared/calls.ts'
import type { CallSketch, Verdict } from '../../../shared/policy-tools.ts'
import { printable } from '../../../shared/printable.ts'
import { readSketch } from '../../core/read-profile.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'
import { columns, count, shortHash, when } from '../format.ts'
import { policySource } from '../policy-source.ts'
import { problemLines } from './policy.ts'

/** `toolgate policy explain`: why a recorded or described call is decided as it is, rule by rule; exit 1 when that cannot be told. */
export async function explainPolicy(
  cli: Cli,
  callId: string | undefined,
  options: { envelope?: string; policy: string; all: boolean },
): Promise<number> {
  if ((callId === undefined) === (options.envelope === undefined)) {
    throw usageError('name one call', 'give the id of a recorded call, or `--envelope` with a file that describes one')
  }
  const call = callId === undefined ? { sketch: sketchIn(options.envelope ?? '') } : { call_id: callId }
  const found = await cli.withGateway(async (client) =>
    client.call('policy.explain', { call, policy: await policySource(options.policy, client) }),
  )
  cli.result(found, () => explanationLines(found, options.all))
  return found.decision === null ? 1 : 0
}

function sketchIn(file: string): CallSketch {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new CliError('NOT_FOUND', `\`${file}\` cannot be read (${why})`, 'name a file that exists')
  }
  const read = readSketch(text)
  if ('sketch' in read) return read.sketch
  throw usageError(`\`${file}\` does not describe a call: ${read.problem}`, 'see "Tests" in docs/policy.md')
}

function explanationLines(found: Output<'policy.explain'>, all: boolean): string[] {
  const { decision, recorded, line, rules, bounds, risk, missing, problems } = found
  const shown = all ? rules : rules.filter(({ outcome }) => outcome !== 'not_matched')
  const hidden = rules.length - shown.length + found.left_out
  return [
    ...problems.flatMap(problemLines),
    ...columns(found.call.map(({ name, value }) => [name, value])),
    '',
    decision ? `${verdictWords(decision)}: ${printable(decision.reason)}` : 'what would be decided cannot be told',
    ...(missing.length > 0 ? [`the record does not keep what the rules look at: ${missing.join(', ')}`] : []),
    `by line ${line.number} of the list: ${line.says}`,
    ...(recorded ? [`decided then: ${verdictWords(recorded)}`] : []),
    ...shown.flatMap(ruleLines),
    ...(hidden > 0
      ? [`${count(hidden, 'rule')} not shown${all ? '' : ', which do not match; see them with --all'}`]
      : []),
    ...bounds.map(
      ({ bound, value, rules: by }) => `bound ${bound}: ${printable(value)}, by ${by.map(printable).join(', ')}`,
    ),
    `risk ${risk.score}: ${risk.factors.map(({ name, points }) => `${printable(name)} ${points}`).join(', ') || 'no factor'}`,
  ]
}

const outcomes = { matched: 'matches', not_matched: 'does not match', failed: 'fails', unknown: 'cannot be told' }

function ruleLines({ rule, outcome, parts, decided, without }: Output<'policy.explain'>['rules'][number]): string[] {
  const marks = [decided ? 'decides' : '', without ? `without it: ${verdictWords(without)}` : ''].filter(Boolean)
  const sign = (fits: boolean | null) => (fits === null ? '?' : fits ? '=' : '≠')
  return [
    `${rule.effect} ${printable(rule.id)} (${printable(rule.file)}:${rule.line}) ${outcomes[outcome]}${marks.length > 0 ? `; ${marks.join('; ')}` : ''}`,
    ...parts.map(({ part, fits, wants, has }) => `    ${part} ${sign(fits)} ${printable(wants)}  (${printable(has)})`),
  ]
}

/** A decision in a few words. */
export function verdictWords({ effect, level, code }: Pick<Verdict, 'effect' | 'level' | 'code'>): string {
  return [effect, level === null ? '' : `at level ${level}`, code === null ? '' : `(${code})`].filter(Boolean).join(' ')
}

/** `toolgate policy diff`: what one policy changes over another; exit 1 when the second has problems. */
export async function diffPolicy(cli: Cli, from: string, to: string): Promise<number> {
  const diff = await cli.withGateway(async (client) =>
    client.call('policy.diff', { from: await policySource(from, client), to: await policySource(to, client) }),
  )
  cli.result(diff, () => [
    `${shortHash(diff.from)} → ${diff.problems.length > 0 ? 'not a policy' : shortHash(diff.to)}`,
    ...diff.problems.flatMap(problemLines),
    ...diff.loosens.map((change) => `loosens: ${printable(change)}`),
    ...diff.tightens.map((change) => `tightens: ${printable(change)}`),
    ...diff.files.flatMap(({ path, origin, change, diff: lines }) => [
      `${change} ${printable(path)}${origin === 'org' ? ' (organisation)' : ''}`,
      ...lines.split('\n').map(printable),
    ]),
    ...(diff.problems.length === 0 && diff.files.length === 0 ? ['they are the same'] : []),
  ])
  return diff.problems.length > 0 ? 1 : 0
}

/** `toolgate policy replay`: what a policy would have done with the calls of the last days; exit 1 when it has problems. */
export async function replayPolicy(
  cli: Cli,
  policy: string,
  { days, limit, list }: { days: number; limit: number; list: number },
): Promise<number> {
  const found = await cli.withGateway(async (client) =>
    client.call('policy.replay', { policy: await policySource(policy, client), since_days: days, limit, list }),
  )
  cli.result(found, () => replayLines(found))
  return found.problems.length > 0 ? 1 : 0
}

function replayLines(found: Output<'policy.replay'>): string[] {
  const { same, denied, asked, allowed, bounded, cannot, changes } = found
  if (found.problems.length > 0) return found.problems.flatMap(problemLines)
  const needs = Object.entries(cannot.needs).map(([what, calls]) => `${what} (${calls})`)
  return [
    `${count(found.calls, 'call')} since ${when(found.since)}, decided again in ${Math.round(found.took_ms)} ms${found.cut ? '; older ones were left out' : ''}`,
    ...columns([
      ['the same', String(same)],
      ['would be denied', String(denied)],
      ['would be asked', String(asked)],
      ['would be allowed', String(allowed)],
      ['alike, otherwise bounded', String(bounded)],
    ]),
    ...(cannot.calls > 0
      ? [`${count(cannot.calls, 'call')} cannot be replayed: needs what the record does not keep: ${needs.join(', ')}`]
      : []),
    ...columns(
      changes.map(({ at, client, server, tool, before, after, call_id }) => [
        ...[when(at), client, `${server} ${tool}`, `${verdictWords(before)} → ${verdictWords(after)}`],
        ...[after.rules.join(', ') || 'no rule', call_id],
      ]),
    ),
    ...(found.more > 0 ? [`and ${found.more} more; list them with --list`] : []),
  ]
}

/** `toolgate policy suggest`: a rule file that allows what ran and no more; exit 1 when nothing ran. */
export async function suggestPolicy(cli: Cli, options: { days: number; server?: string }): Promise<number> {
  const { days, server = null } = options
  const found = await cli.withGateway((client) => client.call('policy.suggest', { since_days: days, server }))
  if (!cli.json) {
    cli.say(`${count(found.calls, 'call')} that ran since ${when(found.since)}`)
    for (const { id, matches, calls } of found.rules) {
      cli.say(`  ${printable(id)} matches ${count(matches, 'call')}, such as ${calls[0]?.call_id ?? 'none'}`)
    }
  }
  cli.result(found, () => (found.text === '' ? [] : found.text.trimEnd().split('\n').map(printable)))
  return found.text === '' ? 1 : 0
}
