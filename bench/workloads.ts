/** Who answers: the server alone, the server behind a bare relay, or behind shim and gateway. */
export type Target = 'direct' | 'relay' | 'governed'

/** One line of a table: a target and the tool that is called through it. */
export type Series = { name: string; target: Target; tool: string }

/** What is called, how often and how many calls at once; `calls` counts one repeat, split into `blocks` that take turns. */
export type Workload = {
  name: string
  title: string
  series: readonly Series[]
  calls: number
  blocks: number
  inFlight: number
  args: () => object
}

const through = (tool: string): Series[] =>
  (['direct', 'relay', 'governed'] as const).map((target) => ({ name: target, target, tool }))
const reads = through('read_echo')
const readsAndWrites: Series[] = [
  ...reads.slice(0, 2),
  { name: 'governed read', target: 'governed', tool: 'read_echo' },
  { name: 'governed write', target: 'governed', tool: 'write_echo' },
]

let turn = 0
/** 100 bytes, never the same twice, so that nothing is gained by remembering. */
const message = () => ({ message: `${String(++turn).padStart(10, '0')} ${'x'.repeat(89)}` })

/** Everything that calls are timed on. */
export const workloads: readonly Workload[] = [
  {
    ...{ name: 'one', title: 'One call at a time, 100 bytes' },
    ...{ series: readsAndWrites, calls: 2000, blocks: 10, inFlight: 1, args: message },
  },
  {
    ...{ name: 'many', title: '32 calls in flight, 100 bytes' },
    ...{ series: readsAndWrites, calls: 4000, blocks: 5, inFlight: 32, args: message },
  },
  {
    ...{ name: 'slow', title: 'A read that takes the server 5 ms' },
    ...{ series: through('slow_echo'), calls: 150, blocks: 5, inFlight: 1, args: message },
  },
  {
    ...{ name: '10kB', title: 'A result of 10 KiB' },
    ...{ series: reads, calls: 400, blocks: 5, inFlight: 1, args: () => ({ size: 10_240 }) },
  },
  {
    ...{ name: '1MB', title: 'A result of 1 MiB' },
    ...{ series: reads, calls: 40, blocks: 5, inFlight: 1, args: () => ({ size: 1_048_576 }) },
  },
]
