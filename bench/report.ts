import { boundsTable } from './bounds.ts'
import type { Repeat, Timing } from './measure-calls.ts'
import type { DecisionTime } from './measure-decisions.ts'
import type { IdleMemory } from './measure-memory.ts'
import type { PageWork } from './measure-page.ts'
import type { PromptsWork } from './measure-prompts.ts'
import type { ReplayTime } from './measure-replay.ts'
import type { Stall } from './measure-stalls.ts'
import type { Starts } from './measure-starts.ts'
import type { TokenTime } from './measure-tokens.ts'
import type { Memory } from './processes.ts'
import { against, type Results, timingIn } from './results.ts'
import { median, type Spread, spreadOf } from './statistics.ts'
import { signed, spread, table } from './table.ts'
import { type Workload, workloads } from './workloads.ts'

/** The report of a run, for a terminal: every figure the median over the repeats, with the least and the most of them. */
export function reportOf(results: Results): string {
  const { about, repeats, idle, decisions, replay, starts, stalls, page, prompts, tokens } = results
  const { toolgate, commit, node, system, processor, flushMs, load, at } = about
  return [
    `Toolgate ${toolgate} (${commit}) · Node ${node} · ${system} · ${processor}`,
    `a flush to disk takes ${flushMs.toFixed(2)} ms · load ${load.toFixed(1)} · ${at} · medians of ${repeats.length} repeats (least–most)`,
    ...workloads.map((workload) => callsTable(workload, repeats)),
    decisionsTable(decisions),
    replayTable(replay),
    tokensTable(tokens),
    stallsTable(stalls),
    pagesTable(page, prompts),
    startsTable(starts),
    memoryTable(repeats, idle),
    boundsTable(results),
  ].join('\n\n')
}

function callsTable({ name: workload, title, floor, series }: Workload, repeats: readonly Repeat[]): string {
  const rows = series.map(({ name }) => {
    const figure = (of: (timing: Timing) => number) => against(repeats, workload, [name, name], of)
    // The server alone is no floor: nothing that stands between can be as fast.
    const isHeld = name !== floor && name !== 'direct'
    const added = (of: (timing: Timing) => number) =>
      isHeld
        ? signed(
            against(repeats, workload, [name, floor], (timing, base) => of(timing) - of(base)),
            3,
          )
        : ''
    const ratio = (of: (timing: Timing) => number) =>
      isHeld
        ? spread(
            against(repeats, workload, [name, floor], (timing, base) => of(timing) / of(base)),
            2,
          )
        : ''
    const cpu = repeats.map((repeat) => timingIn(repeat, workload, name).cpuUs ?? Number.NaN)
    return [
      ...[name, spread(figure(p50)), added(p50), ratio(p50), spread(figure(p95)), added(p95), ratio(p95)],
      ...[figure(perSecond).median.toFixed(0), ratio(perSecond)],
      name === 'direct' || Number.isNaN(median(cpu)) ? '' : median(cpu).toFixed(0),
    ]
  })
  const held = `× ${floor}`
  const head = ['', 'p50 ms', '+ ms', held, 'p95 ms', '+ ms', held, 'calls/s', held, 'CPU µs/call']
  return table(title, head, rows)
}

const p50 = (timing: Timing) => timing.p50
const p95 = (timing: Timing) => timing.p95
const perSecond = (timing: Timing) => timing.perSecond

function decisionsTable(decisions: readonly DecisionTime[]): string {
  const rows = decisions.map(({ rules, us, p95Us, firstUs, candidates, compileMs }) => [
    ...[
      `${rules} rules`,
      us.toFixed(2),
      p95Us.toFixed(1),
      firstUs.toFixed(1),
      candidates.toFixed(0),
      compileMs.toFixed(1),
    ],
  ])
  return table('A decision', ['', 'p50 µs', 'p95 µs', 'tool’s first, µs', 'rules looked at', 'compile ms'], rows)
}

function replayTable({ calls, rules, perSecond, longestMs }: ReplayTime): string {
  const row = [`${calls} calls, ${rules} rules`, perSecond.toFixed(0), longestMs.toFixed(1)]
  return table('Recorded calls, decided again', ['', 'calls/s', 'others wait at most, ms'], [row])
}

function tokensTable({ clients, tokens, p50Us, p95Us }: TokenTime): string {
  const row = [`${tokens} tokens of ${clients} apps`, p50Us.toFixed(1), p95Us.toFixed(1)]
  return table('Looking an access token up', ['', 'p50 µs', 'p95 µs'], [row])
}

function stallsTable(stalls: readonly Stall[]): string {
  const rows = stalls.map(({ what, worst, ms }) => [what, ms.toFixed(1), worst])
  return table(
    'Hostile input: processor time of the thread that answers everybody',
    ['', 'longest stall, ms', 'which'],
    rows,
  )
}

function pagesTable(page: PageWork | null, prompts: PromptsWork | null): string {
  const rows = [
    ...(page ? [[`calls, scrolled while ${page.calls} come`, page.longestMs.toFixed(1)]] : []),
    ...(prompts ? [[`${prompts.waiting} calls that wait, scrolled`, prompts.longestMs.toFixed(1)]] : []),
  ]
  return table('Pages: processor time of the longest task', ['', 'ms'], rows)
}

function startsTable({ node, shim, gateway, toList }: Starts): string {
  const row = (name: string, times: readonly number[], over?: { name: string; spread: Spread }) => {
    const beside = over
      ? `${signed({ ...over.spread, median: median(times) - over.spread.median }, 0)} ms over ${over.name}`
      : ''
    return [name, spread(spreadOf(times), 0), beside]
  }
  const server = { name: 'the server alone', spread: spreadOf(toList.direct) }
  const rows = [
    row('Node alone, start to first line', node),
    row('shim, start to first answer', shim, { name: 'Node', spread: spreadOf(node) }),
    row('gateway, start to ready', gateway),
    row('server alone, start to tools/list', toList.direct),
    row('shim to a running gateway, start to tools/list', toList.warm, server),
    row('shim that starts the gateway, start to tools/list', toList.cold, server),
  ]
  return table('Starts', ['', 'ms', ''], rows)
}

function memoryTable(repeats: readonly Repeat[], idle: readonly IdleMemory[]): string {
  const row = (name: string, memories: readonly (Memory | null)[]) => {
    const found = memories.filter((memory) => memory !== null)
    const shared = found.flatMap(({ pss }) => pss ?? [])
    return [
      name,
      found.length > 0 ? spread(spreadOf(found.map(({ rss }) => rss)), 0) : '–',
      shared.length > 0 ? spread(spreadOf(shared), 0) : '–',
    ]
  }
  const sessions = idle.flatMap(({ perSession }) => perSession ?? [])
  const rows = [
    row(
      'gateway, idle',
      idle.map(({ gateway }) => gateway),
    ),
    ['gateway, each idle session', sessions.length > 0 ? spread(spreadOf(sessions), 2) : '–', ''],
    row(
      'gateway, after the load',
      repeats.map(({ memory }) => memory.gatewayLoaded),
    ),
    row(
      'shim',
      repeats.map(({ memory }) => memory.shim),
    ),
    row(
      'relay',
      repeats.map(({ memory }) => memory.relay),
    ),
  ]
  return table('Memory', ['', 'RSS MiB', 'PSS MiB'], rows)
}
