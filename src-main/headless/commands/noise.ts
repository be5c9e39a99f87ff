import type { NoiseView } from '../../../shared/fatigue.ts'
import type { Cli } from '../cli.ts'
import { usageError } from '../cli-error.ts'
import type { ControlClient } from '../control-client.ts'
import { columns, count, when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate approvals noise`: how much people were asked, what came of it, and which rules asked most. */
export async function showNoise(cli: Cli, options: { days: string }): Promise<undefined> {
  const days = Number(options.days)
  if (!Number.isInteger(days) || days < 1 || days > 30) {
    throw usageError(`\`${options.days}\` is no number of days`, 'write a whole number from 1 to 30')
  }
  const view = await cli.withGateway((client) => client.call('approvals.noise', { days }))
  cli.result(view, () => noiseLines(view, days))
}

/** `toolgate approvals quiet`: quiet hours as they stand; `--off` switches them off for some hours. */
export async function showQuiet(cli: Cli, { off }: { off?: string }): Promise<undefined> {
  const hours = Number(off)
  if (off !== undefined && !(hours >= 0 && hours <= 24)) {
    throw usageError(`\`${off}\` is no number of hours`, 'write a number from 0 to 24')
  }
  const view =
    off === undefined
      ? await cli.withGateway((client) => client.call('quiet.show', {}))
      : await withPerson(cli, (client) => client.call('quiet.off', { hours }), { first: quietHoursSet })
  cli.result(view, () => {
    if (view.hours === null) return ['no quiet hours are set; `quiet_hours` in the settings sets them']
    if (view.off_until !== null) return [`quiet hours (${view.hours}) are switched off until ${when(view.off_until)}`]
    return [
      `quiet hours are ${view.hours}`,
      view.quiet
        ? `calls that would ask are denied until ${view.until ? when(view.until) : 'this is changed'}`
        : 'calls ask now',
    ]
  })
}

async function quietHoursSet(client: ControlClient): Promise<void> {
  const { hours } = await client.call('quiet.show', {})
  if (hours === null) throw usageError('no quiet hours are set', 'set them with `quiet_hours` in the settings first')
}

function noiseLines(view: NoiseView, days: number): string[] {
  const { outcomes, queue } = view
  if (view.prompts === 0) return [`nobody was asked anything in ${count(days, 'day')}`]
  const rows = [
    ['asked', `${view.prompts}, ${(view.prompts / (days * 24)).toFixed(1)} an hour`],
    ['answered', `${outcomes.approved} approved, ${outcomes.denied} denied`],
    ['not answered', `${outcomes.expired} expired, ${outcomes.cancelled} cancelled, ${outcomes.pending} waiting`],
    ['median decision', seconds(view.median_decision_ms)],
    ['median wait', seconds(view.median_wait_ms)],
    ['under a second', share(view.under_a_second)],
    ['queue', `at most ${queue.max}, ${queue.mean.toFixed(2)} on average`],
  ]
  const rules = view.rules.map(({ name, prompts, at }) => [
    `  ${name}`,
    count(prompts, 'prompt'),
    at ? `${at.file}:${at.line}` : 'no longer in the policy',
  ])
  return [...columns(rows), ...(rules.length > 0 ? ['', 'rules that asked most:', ...columns(rules)] : [])]
}

function seconds(ms: number | null): string {
  return ms === null ? 'unknown' : `${(ms / 1000).toFixed(1)} s`
}

function share(part: number | null): string {
  return part === null ? 'unknown' : `${Math.round(part * 100)} % of the answers`
}
