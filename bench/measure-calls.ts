import { type GatewayProcess, type Memory, memoryOf, processorMs, startGateway } from './processes.ts'
import type { BenchProfile } from './profile.ts'
import { quantile } from './statistics.ts'
import { type Running, startTarget } from './targets.ts'
import { longRequest, type Series, type Target, targets, type Workload, warmUp, workloads } from './workloads.ts'

/** One series of one workload in one repeat: milliseconds per call, calls per second, processor time of what lies between. */
export type Timing = { p50: number; p95: number; perSecond: number; cpuUs: number | null }

/** One repeat: new processes, every workload once. `longRequests`: whether each door takes a request of 1 MiB. */
export type Repeat = {
  timings: Record<string, Record<string, Timing>>
  longRequests: { stdio: boolean; http: boolean }
  memory: { gatewayLoaded: Memory | null; shim: Memory | null; relay: Memory | null }
}

/** The profiles of the two gateways, and a folder for what floors write. */
export type Profiles = { decision: BenchProfile; every: BenchProfile; folder: string }

type Size = { calls: number; warmUp: number }
type Clients = Record<Target, Running>

/**
 * Measures one repeat on prepared profiles. `calls` scales the counts of the workloads, `warmUp` is calls per series before
 * the first that counts, many at once so that it takes no longer than it must; `turn` decides who begins, and `nodeArgs` go
 * to the Node of the gateways.
 */
export async function measureRepeat(
  profiles: Profiles,
  turn: number,
  size: Size,
  nodeArgs: readonly string[] = [],
): Promise<Repeat> {
  const open: { close: () => Promise<void> }[] = []
  const gatewayOf = async (profile: BenchProfile): Promise<GatewayProcess> => {
    const gateway = await startGateway(profile.folder, { node: nodeArgs })
    open.unshift({ close: gateway.stop })
    return gateway
  }
  try {
    const places = {
      decision: { profile: profiles.decision, gateway: await gatewayOf(profiles.decision) },
      every: { profile: profiles.every, gateway: await gatewayOf(profiles.every) },
      folder: profiles.folder,
    }
    const clients: Partial<Clients> = {}
    for (const target of rotated(targets, turn)) {
      const running = await startTarget(target, places)
      open.unshift(running)
      await running.client.listTools()
      clients[target] = running
    }
    return await measureAll(clients as Clients, places.decision.gateway.pid, turn, size)
  } finally {
    // Clients before the gateways that they are connected to.
    for (const { close } of open) await close()
  }
}

async function measureAll(clients: Clients, gateway: number, turn: number, size: Size): Promise<Repeat> {
  await take({ ...warmUp, calls: size.warmUp }, turn, clients)
  const timings: Repeat['timings'] = {}
  for (const workload of workloads) {
    const calls = Math.max(workload.blocks, Math.ceil(workload.calls * size.calls))
    timings[workload.name] = await take({ ...workload, calls }, turn, clients)
  }
  const longRequests = { stdio: await takesLong(clients.governed), http: await takesLong(clients.http) }
  const [shim, relay] = [clients.governed, clients.relay].map(({ client }) => memoryOf(client.pid))
  return {
    timings,
    longRequests,
    memory: { gatewayLoaded: memoryOf(gateway), shim: shim ?? null, relay: relay ?? null },
  }
}

async function takesLong({ client }: Running): Promise<boolean> {
  try {
    await longRequest(client)
    return true
  } catch {
    return false
  }
}

type Taken = { latencies: number[]; ms: number; cpuMs: number | null }

/** Runs a workload in blocks, each series in turn and another one first each time, so that what disturbs disturbs all. */
async function take(workload: Workload, turn: number, clients: Clients) {
  const taken = new Map<Series, Taken>(workload.series.map((series) => [series, { latencies: [], ms: 0, cpuMs: 0 }]))
  for (let block = 0; block < workload.blocks; block++) {
    for (const series of rotated(workload.series, turn + block)) {
      const running = clients[series.target]
      const before = processorOf(running.pids)
      const into = taken.get(series) as Taken
      into.ms += await runBlock(running, series, workload, into.latencies)
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

async function runBlock({ client }: Running, { act }: Series, workload: Workload, latencies: number[]) {
  let left = Math.ceil(workload.calls / workload.blocks)
  const began = performance.now()
  const caller = async () => {
    while (left-- > 0) {
      const sent = performance.now()
      await act(client)
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: workload.inFlight }, caller))
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
