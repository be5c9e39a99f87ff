import { setTimeout as pause } from 'node:timers/promises'
import { type Client, connect } from './client.ts'
import { benchServer } from './policy.ts'
import { type Memory, memoryOf, shimArgs, startGateway } from './processes.ts'
import type { BenchProfile } from './profile.ts'

/** Memory of a gateway that nobody uses, and MiB of it for each session that does nothing; null where nobody tells. */
export type IdleMemory = { gateway: Memory | null; perSession: number | null }

/** What a gateway does right after its start, or a session after its last answer, ends within this time (ms). */
const restMs = 1500

/**
 * Measures a gateway of its own, without a session and with `sessions` of them that did what clients do at their start, and
 * nothing since. What the first of them loads is counted as theirs.
 */
export async function measureIdleMemory({ folder }: BenchProfile, sessions: number): Promise<IdleMemory> {
  const gateway = await startGateway(folder)
  const clients: Client[] = []
  try {
    await pause(restMs)
    const idle = memoryOf(gateway.pid)
    for (let index = 0; index < sessions; index++) {
      const client = await connect(shimArgs(folder, benchServer))
      clients.push(client)
      await client.listTools()
    }
    await pause(restMs)
    const held = memoryOf(gateway.pid)
    return { gateway: idle, perSession: idle && held ? (held.rss - idle.rss) / sessions : null }
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await gateway.stop()
  }
}
