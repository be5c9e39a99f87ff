import { writeFileSync } from 'node:fs'
import type { Host } from './child.ts'
import type { Target } from './load-run.ts'
import { type Fate, shimWire } from './load-wires.ts'

/** More tries than a server has before it is refused. */
const mostTries = 60

/**
 * Lets a server end again and again until nobody gets it any more, has a person restart it, and uses it again, `rounds` times, for
 * `clients` clients that never leave. Gives what became of their calls.
 */
export async function runTroubled(
  host: Host,
  target: Target & { server: string; cue: string },
  { clients, rounds }: { clients: number; rounds: number },
): Promise<Map<Fate, number>> {
  const fates = new Map<Fate, number>()
  const wires = await Promise.all(Array.from({ length: clients }, () => shimWire({ ...target, token: '' })))
  const call = async (wire: (typeof wires)[number], tool: string): Promise<Fate> => {
    const fate = await wire.call(tool, {}).fate
    fates.set(fate, (fates.get(fate) ?? 0) + 1)
    return fate
  }
  const untilRefused = async (wire: (typeof wires)[number]) => {
    for (let tries = 0; tries < mostTries; tries++) {
      if ((await call(wire, 'end_read')) === 'SERVER_CRASHING') return
    }
    throw new Error('a server that keeps ending is started again and again')
  }
  for (let round = 0; round < rounds; round++) {
    for (const wire of wires) {
      const fate = await call(wire, 'read_state')
      if (fate !== 'ok') throw new Error(`after its restart a call of the server ends with ${fate}`)
    }
    writeFileSync(target.cue, 'die at start')
    await Promise.all(wires.map(untilRefused))
    writeFileSync(target.cue, '')
    await host.ask('door', 'servers.restart', JSON.stringify({ name: target.server }))
  }
  await Promise.all(wires.map((wire) => wire.leave()))
  return fates
}
