import type { NoiseView } from '../../../shared/fatigue.ts'

/** One request as people were asked it; times in milliseconds since 1970. */
export type Prompt = {
  opened: number
  settled: number | null
  outcome: string
  client: string
  server: string
  tool: string
  rules: readonly string[]
  /** The longest that a caller was held for it; null when none is known. */
  waitedMs: number | null
}

const hourMs = 3_600_000
const mostNamed = 10
/** An answer that came so fast was not read. */
const hastyMs = 1_000

/** Figures of what people were asked between `from` and `to`, in milliseconds since 1970. `placeOf`: where a rule stands. */
export function figuresOf(
  prompts: readonly Prompt[],
  { from, to }: { from: number; to: number },
  placeOf: (rule: string) => { file: string; line: number } | null,
): NoiseView {
  const asked = prompts.filter(({ opened }) => opened >= from && opened <= to)
  const decided = asked
    .filter(({ outcome }) => isAnswer(outcome))
    .map(({ opened, settled }) => (settled ?? to) - opened)
  const settled = asked.filter(({ outcome }) => outcome !== 'pending')
  const count = (outcome: string) => asked.filter((prompt) => prompt.outcome === outcome).length
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    prompts: asked.length,
    per_hour: perHour(asked, from, to),
    outcomes: {
      ...{ approved: count('approved'), denied: count('denied'), expired: count('expired') },
      ...{ cancelled: count('cancelled'), pending: count('pending') },
    },
    median_decision_ms: medianOf(decided),
    median_wait_ms: medianOf(asked.flatMap(({ waitedMs }) => waitedMs ?? [])),
    under_a_second: shareOf(decided.filter((ms) => ms < hastyMs).length, decided.length),
    expired: shareOf(count('expired'), settled.length),
    queue: queueOf(asked, from, to),
    clients: noisiest(asked, ({ client }) => [client]),
    servers: noisiest(asked, ({ server }) => [server]),
    tools: noisiest(asked, ({ server, tool }) => [JSON.stringify([server, tool])]).map(({ name, prompts }) => {
      const [server, tool] = JSON.parse(name) as [string, string]
      return { server, name: tool, prompts }
    }),
    rules: noisiest(asked, ({ rules }) => rules).map(({ name, prompts }) => {
      const approved = asked.filter(({ rules, outcome }) => outcome === 'approved' && rules.includes(name)).length
      return { name, prompts, approved, at: placeOf(name) }
    }),
  }
}

/** The value in the middle, of two the mean; null when there is none. */
function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [below, above] = [sorted[middle - 1], sorted[middle]]
  if (above === undefined) return null
  return sorted.length % 2 === 1 || below === undefined ? above : (below + above) / 2
}

function isAnswer(outcome: string): boolean {
  return outcome === 'approved' || outcome === 'denied'
}

function shareOf(part: number, all: number): number | null {
  return all === 0 ? null : part / all
}

function perHour(prompts: readonly Prompt[], from: number, to: number): number[] {
  const hours = Array<number>(Math.max(1, Math.ceil((to - from) / hourMs))).fill(0)
  for (const { opened } of prompts) {
    // Counted from the end, so that the last hour is whole.
    const at = hours.length - 1 - Math.min(hours.length - 1, Math.floor((to - opened) / hourMs))
    hours[at] = (hours[at] ?? 0) + 1
  }
  return hours
}

/** Most that waited at once, and how many did on average over the whole time. */
function queueOf(prompts: readonly Prompt[], from: number, to: number): { max: number; mean: number } {
  const steps = prompts.flatMap(({ opened, settled }) => [
    { at: opened, by: 1 },
    { at: Math.max(opened, Math.min(settled ?? to, to)), by: -1 },
  ])
  // What ends in the moment in which another begins did not wait beside it.
  steps.sort((a, b) => a.at - b.at || a.by - b.by)
  let [waiting, max, area, last] = [0, 0, 0, from]
  for (const { at, by } of steps) {
    area += Math.max(waiting, 0) * (at - last)
    waiting += by
    max = Math.max(max, waiting)
    last = at
  }
  return { max, mean: to > from ? area / (to - from) : 0 }
}

function noisiest(prompts: readonly Prompt[], namesOf: (prompt: Prompt) => readonly string[]) {
  const counts = new Map<string, number>()
  for (const prompt of prompts) for (const name of namesOf(prompt)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .map(([name, prompts]) => ({ name, prompts }))
    .sort((a, b) => b.prompts - a.prompts || (a.name < b.name ? -1 : 1))
    .slice(0, mostNamed)
}
