import type { Timing } from './measure-calls.ts'
import type { Memory } from './processes.ts'
import { against, type Results } from './results.ts'
import { median } from './statistics.ts'
import { table } from './table.ts'

/** A promise about speed or size: the figure of this run, what it may be, and whether it is. `held` is null without a figure. */
export type Bound = { what: string; figure: string; bound: string; held: boolean | null }

/** The figures of a run against their bounds. Bounds are ratios to what ran beside it, so that they mean the same anywhere. */
export function boundsOf(results: Results): Bound[] {
  return [
    ...[...overStdio(results), ...everyRecord(results), ...overHttp(results)],
    ...[...decisions(results), ...tokens(results), ...starts(results), ...memory(results), ...pages(results)],
  ]
}

/** The bounds as a table, for a terminal. */
export function boundsTable(results: Results): string {
  const verdict = { true: 'held', false: 'missed', null: 'no figure' }
  const rows = boundsOf(results).map(({ what, figure, bound, held }) => [what, figure, bound, verdict[`${held}`]])
  return table('Bounds, in this run', ['', 'figure', 'bound', ''], rows)
}

function overStdio({ repeats }: Results): Bound[] {
  const ratio = (workload: string, series: string, of: (timing: Timing) => number) =>
    against(repeats, workload, [series, 'relay'], (timing, base) => of(timing) / of(base)).median
  const added = against(repeats, 'slow', ['governed', 'relay'], (timing, base) => timing.p50 - base.p50).median
  return [
    atMost('governed read, p50', ratio('one', 'governed read', p50), 2.5, '× relay'),
    atMost('governed read, p95', ratio('one', 'governed read', p95), 3, '× relay'),
    atMost('a tool of 5 ms, p50 added', added, 0.15, 'ms to relay', 3),
    atLeast('32 reads in flight, calls/s', ratio('many', 'governed read', perSecond), 0.45, '× relay'),
    atMost('result of 1 MiB, p50', ratio('1MB', 'governed', p50), 1.7, '× relay'),
    isTrue(
      'request of 1 MiB over stdio',
      repeats.map(({ longRequests }) => longRequests.stdio),
    ),
    atMost('ping, p50', ratio('ping', 'governed', p50), 2.2, '× relay'),
    atMost('progress, p50', ratio('progress', 'governed', p50), 2.2, '× relay'),
  ]
}

function everyRecord({ repeats }: Results): Bound[] {
  const ratio = (of: (timing: Timing) => number) =>
    against(repeats, 'every', ['governed', 'floor'], (timing, base) => of(timing) / of(base)).median
  return [
    atMost('governed read, every record flushed, p50', ratio(p50), 1.3, '× floor'),
    atMost('governed read, every record flushed, p95', ratio(p95), 1.4, '× floor'),
  ]
}

function overHttp({ repeats }: Results): Bound[] {
  const ratio = (workload: string, of: (timing: Timing) => number) =>
    against(repeats, workload, ['governed', 'bridge'], (timing, base) => of(timing) / of(base)).median
  return [
    atMost('governed read over HTTP, p50', ratio('http-one', p50), 1.7, '× bridge'),
    atLeast('32 reads in flight over HTTP, calls/s', ratio('http-many', perSecond), 0.55, '× bridge'),
    atMost('result of 1 MiB over HTTP, p50', ratio('http-1MB', p50), 1.7, '× bridge'),
    isTrue(
      'request of 1 MiB over HTTP',
      repeats.map(({ longRequests }) => longRequests.http),
    ),
  ]
}

function decisions({ decisions: measured, replay }: Results): Bound[] {
  const largest = measured.at(-1)
  const [p95Us, compileMs] = [largest?.p95Us ?? Number.NaN, largest?.compileMs ?? Number.NaN]
  return [
    atMost(`a decision under ${largest?.rules} rules, p95`, p95Us, 500, 'µs', 0),
    atMost(`reading ${largest?.rules} rules`, compileMs, 2000, 'ms', 0),
    atLeast('recorded calls, decided again', replay.perSecond, 20_000, 'a second', 0),
  ]
}

function tokens({ tokens: { p95Us } }: Results): Bound[] {
  return [atMost('looking an access token up, p95', p95Us, 50, 'µs', 0)]
}

function starts({ starts: { toList } }: Results): Bound[] {
  const direct = median(toList.direct)
  return [
    atMost('first tools/list, no gateway runs', median(toList.cold) - direct, 450, 'ms over the server alone', 0),
    atMost('first tools/list, a gateway runs', median(toList.warm) - direct, 90, 'ms over the server alone', 0),
  ]
}

function memory({ repeats, idle }: Results): Bound[] {
  const rss = (found: readonly (Memory | null)[]) => median(found.flatMap((it) => it?.rss ?? []))
  const sessions = median(idle.flatMap(({ perSession }) => perSession ?? []))
  return [
    atMost('gateway, idle', rss(idle.map(({ gateway }) => gateway)), 100, 'MiB', 0),
    atMost('gateway, after the load', rss(repeats.map((repeat) => repeat.memory.gatewayLoaded)), 170, 'MiB', 0),
    atMost('each idle session', sessions, 2, 'MiB'),
  ]
}

function pages({ page, prompts }: Results): Bound[] {
  return [
    atMost('the page of calls, longest task', page?.longestMs ?? Number.NaN, 50, 'ms', 0),
    // A frame of 60 a second.
    atMost('calls that wait, longest task', prompts?.longestMs ?? Number.NaN, 16.7, 'ms', 1),
  ]
}

const p50 = (timing: Timing) => timing.p50
const p95 = (timing: Timing) => timing.p95
const perSecond = (timing: Timing) => timing.perSecond

function atMost(what: string, figure: number, bound: number, unit: string, digits = 2): Bound {
  return {
    ...row(what, figure, digits),
    bound: `≤ ${bound} ${unit}`,
    held: Number.isNaN(figure) ? null : figure <= bound,
  }
}

function atLeast(what: string, figure: number, bound: number, unit: string, digits = 2): Bound {
  return {
    ...row(what, figure, digits),
    bound: `≥ ${bound} ${unit}`,
    held: Number.isNaN(figure) ? null : figure >= bound,
  }
}

function isTrue(what: string, found: readonly boolean[]): Bound {
  const held = found.every(Boolean)
  return { what, figure: held ? 'taken' : 'refused', bound: 'taken', held }
}

function row(what: string, figure: number, digits: number): { what: string; figure: string } {
  return { what, figure: Number.isNaN(figure) ? '–' : figure.toFixed(digits) }
}
