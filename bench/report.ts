import type { About } from './about.ts'
import type { Repeat, Timing } from './measure-calls.ts'
import type { DecisionTime } from './measure-decisions.ts'
import type { Starts } from './measure-starts.ts'
import type { Memory } from './processes.ts'
import { median, type Spread, spreadOf } from './statistics.ts'
import { type Workload, workloads } from './workloads.ts'

/** Everything that one run measured: what `--json` writes, and what the report is made of. */
export type Results = { about: About; repeats: Repeat[]; decisions: DecisionTime[]; starts: Starts }

const floor = 'relay'

/** The report of a run, for a terminal: every figure the median over the repeats, with the least and the most of them. */
export function reportOf({ about, repeats, decisions, starts }: Results): string {
  const { toolgate, commit, node, system, processor, flushMs, load, at } = about
  return [
    `Toolgate ${toolgate} (${commit}) · Node ${node} · ${system} · ${processor}`,
    `a flush to disk takes ${flushMs.toFixed(2)} ms · load ${load.toFixed(1)} · ${at} · medians of ${repeats.length} repeats (least–most)`,
    ...workloads.map((workload) => callsTable(workload, repeats)),
    decisionsTable(decisions),
    startsTable(starts, repeats),
    memoryTable(repeats),
  ].join('\n\n')
}

function callsTable(workload: Workload, repeats: readonly Repeat[]): string {
  const figure = (name: string, of: (timing: Timing, base: Timing) => number) =>
    spreadOf(repeats.map(({ timings }) => of(timingIn(timings, workload, name), timingIn(timings, workload, floor))))
  const rows = workload.series.map(({ name }) => {
    const isFloor = name === floor
    const added = (of: (timing: Timing) => number, digits: number) =>
      isFloor
        ? ''
        : signed(
            figure(name, (timing, base) => of(timing) - of(base)),
            digits,
          )
    const ratio = (of: (timing: Timing) => number) =>
      isFloor ? '' : times(figure(name, (timing, base) => of(timing) / of(base)))
    const cpu = repeats.map(({ timings }) => timingIn(timings, workload, name).cpuUs ?? Number.NaN)
    return [
      name,
      ms(figure(name, ({ p50 }) => p50)),
      ...(name === 'direct' ? ['', ''] : [added(({ p50 }) => p50, 3), ratio(({ p50 }) => p50)]),
      ms(figure(name, ({ p95 }) => p95)),
      ...(name === 'direct' ? ['', ''] : [added(({ p95 }) => p95, 3), ratio(({ p95 }) => p95)]),
      figure(name, ({ perSecond }) => perSecond).median.toFixed(0),
      name === 'direct' ? '' : ratio(({ perSecond }) => perSecond),
      name === 'direct' || Number.isNaN(median(cpu)) ? '' : median(cpu).toFixed(0),
    ]
  })
  const head = ['', 'p50 ms', '+ ms', '× relay', 'p95 ms', '+ ms', '× relay', 'calls/s', '× relay', 'CPU µs/call']
  return table(workload.title, head, rows)
}

function timingIn(timings: Repeat['timings'], { name: workload }: Workload, series: string): Timing {
  const timing = timings[workload]?.[series]
  if (!timing) throw new Error(`\`${workload}\` has no series \`${series}\``)
  return timing
}

function decisionsTable(decisions: readonly DecisionTime[]): string {
  const rows = decisions.map(({ rules, us, firstUs, candidates, compileMs }) => [
    ...[`${rules} rules`, us.toFixed(2), firstUs.toFixed(1), candidates.toFixed(0), compileMs.toFixed(1)],
  ])
  return table('A decision', ['', 'p50 µs', 'tool’s first, µs', 'rules looked at', 'compile ms'], rows)
}

function startsTable({ node, shim, gateway }: Starts, repeats: readonly Repeat[]): string {
  const overNode = shim.map((taken, round) => taken - (node[round] ?? Number.NaN))
  const ready = repeats.map(({ readyMs }) => readyMs)
  const rows = [
    ['Node alone, start to first line', ms(spreadOf(node), 0), ''],
    ['shim, start to first answer', ms(spreadOf(shim), 0), `${signed(spreadOf(overNode), 0)} ms over Node`],
    ['gateway, start to ready', ms(spreadOf(gateway), 0), ''],
    ['relay, start to tools/list', ms(spreadOf(ready.map(({ relay }) => relay)), 0), ''],
    [
      'shim, start to tools/list',
      ms(spreadOf(ready.map(({ governed }) => governed)), 0),
      `${times(spreadOf(ready.map(({ governed, relay }) => governed / relay)))} × relay`,
    ],
  ]
  return table('Starts', ['', 'ms', ''], rows)
}

function memoryTable(repeats: readonly Repeat[]): string {
  const row = (name: string, of: (memory: Repeat['memory']) => Memory | null) => {
    const found = repeats.flatMap(({ memory }) => of(memory) ?? [])
    const shared = found.flatMap(({ pss }) => pss ?? [])
    return [
      name,
      found.length > 0 ? ms(spreadOf(found.map(({ rss }) => rss)), 0) : '–',
      shared.length > 0 ? ms(spreadOf(shared), 0) : '–',
    ]
  }
  const rows = [
    row('gateway, idle', ({ gatewayIdle }) => gatewayIdle),
    row('gateway, after the load', ({ gatewayLoaded }) => gatewayLoaded),
    row('shim', ({ shim }) => shim),
    row('relay', ({ relay }) => relay),
  ]
  return table('Memory', ['', 'RSS MiB', 'PSS MiB'], rows)
}

function ms({ median, min, max }: Spread, digits = 3): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`
}

function signed({ median }: Spread, digits: number): string {
  return `${median < 0 ? '−' : '+'}${Math.abs(median).toFixed(digits)}`
}

function times({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`
}

/** Columns as wide as their widest cell; the first is text, the others are numbers. */
function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const draw = (line: readonly string[]) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return [title, ...lines.map((line) => `  ${draw(line)}`.trimEnd())].join('\n')
}
