import { connect } from './client.ts'
import { benchServer } from './policy.ts'
import { endGateway, shimArgs, startGateway, timeToFirstLine } from './processes.ts'
import { type BenchProfile, serverArgs } from './profile.ts'

/**
 * Milliseconds, one per round: Node alone to its first line, a shim to its first answer, a gateway until it is ready; and from
 * a client's start of its server to the list of its tools: the server alone, behind a gateway that runs (`warm`), and behind
 * one that the shim must start (`cold`).
 */
export type Starts = {
  node: number[]
  shim: number[]
  gateway: number[]
  toList: { direct: number[]; warm: number[]; cold: number[] }
}

/** A request that the gateway answers by itself, so that no server has to start for it. */
const asked = '{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{}}\n'

/** Starts everything `rounds` times, in turn; a gateway once for every four of them. */
export async function measureStarts({ folder }: BenchProfile, rounds: number): Promise<Starts> {
  const starts: Starts = { node: [], shim: [], gateway: [], toList: { direct: [], warm: [], cold: [] } }
  const throughShim = shimArgs(folder, benchServer)
  for (let round = 0; round < rounds; round += 4) {
    const { startMs, stop } = await startGateway(folder)
    starts.gateway.push(startMs)
    await stop()
    // No gateway runs now, and the one that ran last is known to shims.
    starts.toList.direct.push(await timeToList(serverArgs))
    starts.toList.cold.push(await timeToList(throughShim))
    await endGateway(folder)
  }
  const gateway = await startGateway(folder)
  try {
    for (let round = 0; round < rounds; round++) {
      starts.node.push(await timeToFirstLine(['-e', 'console.log(0)'], ''))
      starts.shim.push(await timeToFirstLine(throughShim, asked))
      starts.toList.direct.push(await timeToList(serverArgs))
      starts.toList.warm.push(await timeToList(throughShim))
    }
  } finally {
    await gateway.stop()
  }
  return starts
}

async function timeToList(args: readonly string[]): Promise<number> {
  const began = performance.now()
  const client = await connect(args)
  await client.listTools()
  const taken = performance.now() - began
  await client.close()
  return taken
}
