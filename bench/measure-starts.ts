import { benchServer } from './policy.ts'
import { runToEnd, shimArgs, startGateway } from './processes.ts'

/** Milliseconds, one per round: Node alone, a shim that connects and finds its client gone, a gateway until it is ready. */
export type Starts = { node: number[]; shim: number[]; gateway: number[] }

/** Starts everything `rounds` times, in turn; the gateway every fourth time. */
export async function measureStarts(profile: string, rounds: number): Promise<Starts> {
  const starts: Starts = { node: [], shim: [], gateway: [] }
  for (let round = 0; round < rounds; round++) {
    if (round % 4 === 0) {
      const { startMs, stop } = await startGateway(profile)
      starts.gateway.push(startMs)
      await stop()
    }
  }
  const gateway = await startGateway(profile)
  try {
    for (let round = 0; round < rounds; round++) {
      starts.node.push(await runToEnd(['-e', '0']))
      starts.shim.push(await runToEnd(shimArgs(profile, benchServer)))
    }
  } finally {
    await gateway.stop()
  }
  return starts
}
