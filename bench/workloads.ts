import type { Client } from './client.ts'

/**
 * Who answers. `direct`: the server alone; `relay`: behind a bare relay; `least`: behind a bare shim and a relay that keeps the
 * promise about records, and nothing else; `governed`: behind shim and gateway. `every` is governed with each record flushed
 * to the disk, `every-floor` the least that does the same. `bridge`, `http-least` and `http` are reached over HTTP: the server
 * behind a bare bridge, behind one that keeps the promise about records, and behind the gateway.
 */
export type Target = (typeof targets)[number]

/** All of them, in the order in which they are started. */
export const targets = [
  'direct',
  'relay',
  'least',
  'governed',
  'every-floor',
  'every',
  'bridge',
  'http-least',
  'http',
] as const

type Act = (client: Client) => Promise<void>

/** One line of a table: what is asked of whom. */
export type Series = { name: string; target: Target; act: Act }

/**
 * What is asked, how often and how much at once; `calls` counts one repeat, split into `blocks` that take turns. `floor` is
 * the series that the others are held against.
 */
export type Workload = {
  name: string
  title: string
  floor: string
  series: readonly Series[]
  calls: number
  blocks: number
  inFlight: number
}

let turn = 0
/** 100 bytes, never the same twice, so that nothing is gained by remembering. */
const message = () => ({ message: `${String(++turn).padStart(10, '0')} ${'x'.repeat(89)}` })
const calling =
  (tool: string, args: () => object = message): Act =>
  (client) =>
    client.call(tool, args())
const series = (names: Partial<Record<Target, string>>, act: Act): Series[] =>
  Object.entries(names).map(([target, name]) => ({ name, target: target as Target, act }))

const overStdio = { direct: 'direct', relay: 'relay', governed: 'governed' }
const whatPromised = { direct: 'direct', relay: 'relay', least: 'least', governed: 'governed' }
const overHttp = { bridge: 'bridge', http: 'governed' }
const promisedOverHttp = { bridge: 'bridge', 'http-least': 'least', http: 'governed' }
const whereFlushed = { 'every-floor': 'floor', every: 'governed' }
const readsAndWrites: Series[] = [
  ...series({ ...whatPromised, governed: 'governed read' }, calling('read_echo')),
  ...series({ governed: 'governed write' }, calling('write_echo')),
]
const sized = (size: number) => calling('read_echo', () => ({ size }))
const one = { calls: 2000, blocks: 10, inFlight: 1 }
const many = { calls: 4000, blocks: 5, inFlight: 32 }
const long = { calls: 40, blocks: 5, inFlight: 1 }

/** Everything that is timed. */
export const workloads: readonly Workload[] = [
  { name: 'one', title: 'One call at a time, 100 bytes', floor: 'relay', series: readsAndWrites, ...one },
  { name: 'many', title: '32 calls in flight, 100 bytes', floor: 'relay', series: readsAndWrites, ...many },
  {
    ...{ name: 'slow', title: 'A read that takes the server 5 ms', floor: 'relay' },
    ...{ series: series(whatPromised, calling('slow_echo')), calls: 150, blocks: 5, inFlight: 1 },
  },
  {
    ...{ name: '10kB', title: 'A result of 10 KiB', floor: 'relay' },
    ...{ series: series(overStdio, sized(10_240)), calls: 400, blocks: 5, inFlight: 1 },
  },
  { name: '1MB', title: 'A result of 1 MiB', floor: 'relay', series: series(overStdio, sized(1_048_576)), ...long },
  {
    ...{ name: 'ping', title: 'A ping, which no policy governs', floor: 'relay' },
    ...{ series: series(overStdio, (client) => client.ping()), ...one },
  },
  {
    ...{ name: 'progress', title: 'A notification of progress and one back', floor: 'relay' },
    ...{ series: series(overStdio, (client) => client.progress()), ...one },
  },
  {
    ...{ name: 'every', title: 'A read with every record flushed, one at a time', floor: 'floor' },
    ...{ series: series(whereFlushed, calling('read_echo')), ...one },
  },
  {
    ...{ name: 'http-one', title: 'A read over HTTP, one at a time', floor: 'bridge' },
    ...{ series: series(promisedOverHttp, calling('read_echo')), ...one },
  },
  {
    ...{ name: 'http-many', title: '32 reads in flight over HTTP', floor: 'bridge' },
    ...{ series: series(promisedOverHttp, calling('read_echo')), ...many },
  },
  {
    ...{ name: 'http-1MB', title: 'A result of 1 MiB over HTTP', floor: 'bridge' },
    ...{ series: series(overHttp, sized(1_048_576)), ...long },
  },
]

/** What is done before anything counts, so that V8 has compiled what it will. */
export const warmUp: Omit<Workload, 'calls'> = {
  ...{ name: 'warm-up', title: 'Warm-up', floor: 'relay', blocks: 5, inFlight: 32 },
  series: [
    ...readsAndWrites,
    ...series({ ...whereFlushed, ...promisedOverHttp }, calling('read_echo')).map((it) => ({
      ...it,
      name: it.target,
    })),
  ],
}

/** A request of 1 MiB, which some gateways refuse. */
export const longRequest = calling('read_echo', () => ({ message: 'long request '.repeat(80_660) }))
