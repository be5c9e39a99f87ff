import { benchServer } from './policy.ts'
import { shimArgs, startGateway, timeToFirstLine } from './processes.ts'

/** Milliseconds, one per round: Node alone to its first line, a shim to its first answer, a gateway until it is ready. */
export type Starts = { node: number[]; shim: number[]; gateway: number[] }

/** A request that the gateway answers by itself, so that no server has to start for it. */
const asked = '{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{}}\n'

/** Starts everything `rounds` times, Node and shim in turn; a gateway once for every four of them. */
export async function measureStarts(profile: string, rounds: number): Promise<Starts> {
  const starts: Starts = { node: [], shim: [], gateway: [] }
  for (let round = 0; round < rounds; round += 4) {
    const { startMs, stop } = await startGateway(profile)
    starts.gateway.push(startMs)
    await stop()
  }
  const gateway = await startGateway(profile)
  try {
    for (let round = 0; round < rounds; round++) {
      starts.node.push(await timeToFirstLine(['-e', 'console.log(0)'], ''))
      starts.shim.push(await timeToFirstLine(shimArgs(profile, benchServer), asked))
    }
  } finally {
    await gateway.stop()
  }
  return starts
}
