import { fileURLToPath } from 'node:url'
import { type Client, connect } from './client.ts'
import { connectHttp } from './http-client.ts'
import { benchServer } from './policy.ts'
import { childrenOf, type GatewayProcess, serveProgram, shimArgs } from './processes.ts'
import { type BenchProfile, serverArgs } from './profile.ts'
import type { Target } from './workloads.ts'

/** A target that runs, with its client; `pids`: the processes between client and server. */
export type Running = { client: Client; pids: number[]; close: () => Promise<void> }

/** What targets are started with: both gateways with their profiles, and a folder for what floors write. */
export type Places = {
  decision: { profile: BenchProfile; gateway: GatewayProcess }
  every: { profile: BenchProfile; gateway: GatewayProcess }
  folder: string
}

const floor = (name: string) => fileURLToPath(new URL(`./floors/${name}.ts`, import.meta.url))
const server = [process.execPath, ...serverArgs]

const recordsIn = (folder: string) => `${folder}/${process.pid}-${performance.now()}.records`
/** A floor behind a bare shim: both are between client and server. */
const withChild = ({ pid }: Client) => [pid, ...childrenOf(pid)]

/** Starts a target and connects a client to it. */
export async function startTarget(target: Target, { decision, every, folder }: Places): Promise<Running> {
  switch (target) {
    case 'direct':
      return running(await connect(serverArgs), () => [])
    case 'relay':
      return running(await connect([floor('relay'), ...server]), ({ pid }) => [pid])
    case 'least': {
      const args = [floor('pipe'), process.execPath, floor('least'), recordsIn(folder), ...server]
      return running(await connect(args), withChild)
    }
    case 'governed':
      return governed(decision)
    case 'every':
      return governed(every)
    case 'every-floor': {
      const args = [floor('pipe'), process.execPath, floor('governed'), recordsIn(folder), ...server]
      return running(await connect(args), withChild)
    }
    case 'bridge':
    case 'http-least': {
      const records = target === 'bridge' ? [] : ['--records', recordsIn(folder)]
      const bridge = await serveProgram([floor('bridge'), ...records, ...server])
      const client = await connectHttp({ port: Number(bridge.firstLine), path: '/mcp' })
      return { client, pids: [bridge.pid], close: () => client.close().then(bridge.stop) }
    }
    case 'http': {
      const { gateway, profile } = decision
      const address = { port: gateway.httpPort, path: `/mcp/${benchServer}`, token: profile.token }
      return running(await connectHttp(address), () => [gateway.pid])
    }
  }
}

async function governed({ profile, gateway }: Places['decision']): Promise<Running> {
  return running(await connect(shimArgs(profile.folder, benchServer)), ({ pid }) => [pid, gateway.pid])
}

function running(client: Client, pidsOf: (client: Client) => number[]): Running {
  return { client, pids: pidsOf(client), close: client.close }
}
