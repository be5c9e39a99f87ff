import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { type StartProgram, startProgram } from '../../upstream/start-program.ts'
import type { Sandboxing } from './availability.ts'
import { startBoxed } from './bubblewrap.ts'
import { hiddenPlaces } from './hidden-places.ts'
import type { SandboxPlan } from './plan.ts'
import { programFiles } from './program-files.ts'
import { seatbeltProfile } from './seatbelt.ts'

/** What putting a program into a sandbox works with. */
export type BoxDeps = {
  sandboxing: Exclude<Sandboxing, { kind: 'none' }>
  plan: SandboxPlan
  /** What no server may see, whatever the rules say. */
  places: readonly string[]
  /** Takes what comes out of the sandbox; called once, before the program runs, where the network is bounded. */
  serve: (listener: Server) => void
}

/** Starts programs of one plan, each in a sandbox. Rejects with ToolgateError SERVER_START_FAILED. */
export function startIn({ sandboxing, plan, places, serve }: BoxDeps): StartProgram {
  const served = (listener: Server | null) => {
    if (!listener) return {}
    const { port } = listener.address() as AddressInfo
    serve(listener)
    return proxyEnvironment(port, plan)
  }
  const { kind, program } = sandboxing
  if (kind === 'bubblewrap') {
    return (command, born) =>
      startBoxed({ bubblewrap: program, plan, hidden: hiddenPlaces(places) }, command, born, served)
  }
  return async (command, born) => {
    const listener = plan.network === null ? null : await listenHere()
    const port = listener ? (listener.address() as AddressInfo).port : null
    const profile = seatbeltProfile(plan, programFiles(command), hiddenPlaces(places), port)
    const args = ['-p', profile, command.file, ...command.args]
    return startProgram({ ...command, file: program, args, env: { ...command.env, ...served(listener) } }, born)
  }
}

/** Without a network of its own the program finds the way out at a port of this machine, the only one that it may reach. */
async function listenHere(): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** What programs read to find a proxy. Its own network a program reaches without, unless rules name this machine's. */
function proxyEnvironment(port: number, { named }: SandboxPlan): Record<string, string> {
  const proxy = `http://127.0.0.1:${port}`
  const direct = ['localhost', '127.0.0.1', '::1'].filter((host) => !named.includes(host)).join(',')
  return {
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy, NO_PROXY: direct, NODE_USE_ENV_PROXY: '1' },
    ...{ http_proxy: proxy, https_proxy: proxy, all_proxy: proxy, no_proxy: direct },
  }
}
