import { printable } from '../../shared/printable.ts'
import type { ServerRun } from '../../shared/server-run.ts'
import { asTyped } from './command-name.ts'
import { count, distance, when } from './format.ts'

/** How a server does, in a few words: `running, 2 processes`. */
export function runWords({ state, processes, outdated }: ServerRun): string {
  const what = processes.some(({ pid }) => pid !== null) ? ['process', 'processes'] : ['connection', 'connections']
  const words = {
    idle: 'idle',
    running: `running, ${processes.length} ${what[processes.length === 1 ? 0 : 1]}`,
    crashing: 'it keeps ending',
    unreachable: 'unreachable',
  }
  return `${words[state]}${outdated > 0 ? ` (${outdated} as before its settings changed)` : ''}`
}

/** All of it: for whom it runs, since when, what became of it lately, in its own words too, and what to do. */
export function runLines(run: ServerRun, now: number): string[] {
  const { name, processes, restarts, last_end, next_try } = run
  return [
    runWords(run),
    ...processes.map(
      ({ pid, client, since, sandbox }) =>
        `  for ${printable(client)}${pid === null ? '' : `, process ${pid}`}, since ${when(since)}${sandbox === null ? '' : `, runs in a sandbox: ${printable(sandbox)}`}`,
    ),
    ...(restarts > 0 ? [`  started again ${count(restarts, 'time')} after it ended by itself`] : []),
    ...(last_end
      ? [
          `  last    ${printable(last_end.how)}, ${when(last_end.at)}`,
          ...last_end.said.map((text) => `  it said "${printable(text)}"`),
        ]
      : []),
    ...(run.state === 'crashing'
      ? [
          `  !       it ended ${count(run.ends, 'time')}; calls are refused${next_try ? `, the next try is in ${distance(now, Date.parse(next_try))}` : ''}`,
          asTyped(`  →       once it is mended: \`toolgate servers restart ${printable(name)}\``),
        ]
      : []),
  ]
}
