import { setTimeout as pause } from 'node:timers/promises'
import { type Client, connect } from './client.ts'
import { benchServer } from './policy.ts'
import { type Memory, memoryOf, shimArgs, startGateway } from './processes.ts'
import type { BenchProfile } from './profile.ts'

/** Memory of a gateway that nobody uses, and MiB of it for each further session that does nothing; null where nobody tells. */
export type IdleMemory = { gateway: Memory | null; perSession: number | null }

/** What a gateway does right after its start, or a session after its last answer, ends within this time (ms). */
const restMs = 1500
/** Sessions before those that count: what the first one loads is there once, however many follow. */
const first = 5

/** Measures a gateway of its own, with `sessions` sessions that did what clients do at their start, and nothing since. */
export async function measureIdleMemory(profile: BenchProfile, sessions: number): Promise<IdleMemory> {
  const gateway = await startGateway(profile.folder)
  const clients: Client[] = []
  const open = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const client = await connect(shimArgs(profile.folder, benchServer))
      clients.push(client)
      await client.listTools()
    }
    await pause(restMs)
    return memoryOf(gateway.pid)
  }
  try {
    await pause(restMs)
    const idle = memoryOf(gateway.pid)
    const before = await open(first)
    const after = await open(sessions)
    return { gateway: idle, perSession: before && after ? (after.rss - before.rss) / sessions : null }
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await gateway.stop()
  }
}
