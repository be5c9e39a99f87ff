import { fileURLToPath } from 'node:url'
import { type Client, connect } from './client.ts'
import { benchServer } from './policy.ts'
import { type GatewayProcess, type Memory, memoryOf, processorMs, shimArgs, startGateway } from './processes.ts'
import { serverArgs } from './profile.ts'
import { quantile } from './statistics.ts'
import { type Series, type Target, type Workload, workloads } from './workloads.ts'

/** One series of one workload in one repeat: milliseconds per call, calls per second, processor time of what lies between. */
export type Timing = { p50: number; p95: number; perSecond: number; cpuUs: number | null }

/** One repeat: new processes, every workload once. `readyMs`: from the start of a target to its answered `tools/list`. */
export type Repeat = {
  timings: Record<string, Record<string, Timing>>
  readyMs: Record<Target, number>
  memory: { gatewayIdle: Memory | null; gatewayLoaded: Memory | null; shim: Memory | null; relay: Memory | null }
}

type Size = { calls: number; warmUp: number }
type Running = { client: Client; pids: number[] }
type Clients = Record<Target, Running>

const relay = fileURLToPath(new URL('./relay.ts', import.meta.url))
const targets: readonly Target[] = ['direct', 'relay', 'governed']

/**
 * Measures one repeat on a prepared profile. `calls` scales the counts of the workloads, `warmUp` is calls per series before
 * the first that counts, many at once so that it takes no longer than it must; `turn` decides who begins, and `nodeArgs` go to the gateway's Node.
 */
export async function measureRepeat(
  profile: string,
  turn: number,
  size: Size,
  nodeArgs: readonly string[] = [],
): Promise<Repeat> {
  const gateway = await startGateway(profile, nodeArgs)
  const open: Client[] = []
  try {
    const gatewayIdle = memoryOf(gateway.pid)
    const { clients, readyMs } = await connectAll(profile, gateway, turn, open)
    const crowded = workloads.find(({ inFlight }) => inFlight > 1)
    if (crowded) await take(crowded, { calls: size.warmUp, turn }, clients)
    const timings: Repeat['timings'] = {}
    for (const workload of workloads) {
      const calls = Math.max(workload.blocks, Math.ceil(workload.calls * size.calls))
      timings[workload.name] = await take(workload, { calls, turn }, clients)
    }
    const shim = memoryOf(clients.governed.client.pid)
    const memory = {
      gatewayIdle,
      gatewayLoaded: memoryOf(gateway.pid),
      shim,
      relay: memoryOf(clients.relay.client.pid),
    }
    return { timings, readyMs, memory }
  } finally {
    await Promise.all(open.map((client) => client.close()))
    await gateway.stop()
  }
}

async function connectAll(profile: string, gateway: GatewayProcess, turn: number, open: Client[]) {
  const args: Record<Target, string[]> = {
    direct: serverArgs,
    relay: [relay, process.execPath, ...serverArgs],
    governed: shimArgs(profile, benchServer),
  }
  const clients: Partial<Clients> = {}
  const readyMs: Repeat['readyMs'] = { direct: 0, relay: 0, governed: 0 }
  for (const target of rotated(targets, turn)) {
    const began = performance.now()
    const client = await connect(args[target])
    open.push(client)
    await client.listTools()
    readyMs[target] = performance.now() - began
    const between = { direct: [], relay: [client.pid], governed: [client.pid, gateway.pid] }
    clients[target] = { client, pids: between[target] }
  }
  return { clients: clients as Clients, readyMs }
}

type Taken = { latencies: number[]; ms: number; cpuMs: number | null }

/** Runs a workload in blocks, each series in turn and another one first each time, so that what disturbs disturbs all. */
async function take(workload: Workload, { calls, turn }: { calls: number; turn: number }, clients: Clients) {
  const taken = new Map<Series, Taken>(workload.series.map((series) => [series, { latencies: [], ms: 0, cpuMs: 0 }]))
  for (let block = 0; block < workload.blocks; block++) {
    for (const series of rotated(workload.series, turn + block)) {
      const running = clients[series.target]
      const before = processorOf(running.pids)
      const into = taken.get(series) as Taken
      into.ms += await runBlock(
        running.client,
        series.tool,
        workload,
        Math.ceil(calls / workload.blocks),
        into.latencies,
      )
      const after = processorOf(running.pids)
      into.cpuMs = before === null || after === null || into.cpuMs === null ? null : into.cpuMs + after - before
    }
  }
  return Object.fromEntries([...taken].map(([{ name }, result]) => [name, timingOf(result)]))
}

function timingOf({ latencies, ms, cpuMs }: Taken): Timing {
  return {
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    perSecond: (latencies.length / ms) * 1000,
    cpuUs: cpuMs === null ? null : (cpuMs / latencies.length) * 1000,
  }
}

async function runBlock(
  client: Client,
  tool: string,
  { inFlight, args }: Workload,
  calls: number,
  latencies: number[],
) {
  let left = calls
  const began = performance.now()
  const caller = async () => {
    while (left-- > 0) {
      const input = args()
      const sent = performance.now()
      await client.call(tool, input)
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  return performance.now() - began
}

function processorOf(pids: readonly number[]): number | null {
  return pids.reduce<number | null>((sum, pid) => {
    const used = processorMs(pid)
    return sum === null || used === null ? null : sum + used
  }, 0)
}

function rotated<T>(items: readonly T[], by: number): T[] {
  return items.map((_, index) => items[(index + by) % items.length] as T)
}
