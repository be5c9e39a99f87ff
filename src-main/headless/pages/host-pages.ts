import { CallError } from '../../../shared/call-errors.ts'
import type { PageDoor } from '../../../shared/calls.ts'
import { signInFragment } from '../../../shared/page-link.ts'
import type { Pages } from '../../core/control/pages.ts'
import type { Clock, Log, PagesPort } from '../../core/ports.ts'
import { type PageFiles, readBuiltPages } from '../../host/built-pages.ts'
import type { RememberedPorts } from '../../host/remembered-ports.ts'
import { originOf } from './page-address.ts'
import { type PageServer, startPageServer } from './page-server.ts'
import { servePageSocket } from './page-socket.ts'
import { refusalLog } from './refusals.ts'
import { createSignIn, type SignIn } from './sign-in.ts'

/** What the pages of a headless host are made of: `folder` holds the built ones. */
export type HostPagesDeps = { folder: string; ports: RememberedPorts; clock: Clock; log: Log }

/** The app and the approval page, each on a port and so in an origin of its own. */
export type HostPages = {
  /** For the core, which is built before the pages open; throws `CallError` NO_PAGES while they are not. */
  port: PagesPort
  /** Serves the pages. Never throws: a gateway without pages governs all the same, and `problem` says what is wrong. */
  open: (core: Pages) => Promise<void>
  /** Why there are no pages, in words with the next step; null when they are served. */
  problem: () => string | null
  /** How many pages are connected. */
  connected: () => number
  close: () => Promise<void>
}

/** One page as it is served. */
type Served = { signIn: SignIn; server: PageServer }

const notBuilt = 'the app is not built, so there are no pages: run `npm run build`, then start again'

/** Makes the pages of a headless host; nothing is read and no port taken before `open`. */
export function createHostPages(deps: HostPagesDeps): HostPages {
  let served: Record<PageDoor, Served> | null = null
  let problem: string | null = notBuilt

  const linkTo = (door: PageDoor, more = '') => {
    if (!served) throw new CallError('NO_PAGES')
    const { signIn, server } = served[door]
    return `${originOf(server.port)}/#${signInFragment}=${signIn.nonce()}${more}`
  }

  return {
    port: { appLink: () => linkTo('app'), openApprovals: (at) => linkTo('approval', `&at=${encodeURI(at)}`) },
    async open(core) {
      try {
        const files = readBuiltPages(deps.folder)
        if (files) served = await serveBoth(files, core, deps)
        problem = files ? null : notBuilt
      } catch (error) {
        problem = `the pages cannot be served: ${error instanceof Error ? error.message : String(error)}`
      }
      if (problem) deps.log.warn('no pages are served', { why: problem })
    },
    problem: () => problem,
    connected: () => (served ? served.app.server.sockets() + served.approval.server.sockets() : 0),
    async close() {
      const ending = served ? Object.values(served) : []
      served = null
      for (const { signIn } of ending) signIn.close()
      await Promise.all(ending.map(({ server }) => server.close()))
    },
  }
}

async function serveBoth(
  files: Record<PageDoor, PageFiles>,
  core: Pages,
  deps: HostPagesDeps,
): Promise<Record<PageDoor, Served>> {
  const before = deps.ports.get()
  const app = await serveOne('app', files.app, before.app, core, deps)
  try {
    const approval = await serveOne('approval', files.approval, before.approval, core, deps)
    const ports = { app: app.server.port, approval: approval.server.port }
    deps.log.info('the pages are served', ports)
    remember(ports, deps)
    return { app, approval }
  } catch (error) {
    await app.server.close()
    throw error
  }
}

async function serveOne(
  door: PageDoor,
  files: PageFiles,
  port: number | undefined,
  core: Pages,
  { clock, log }: HostPagesDeps,
): Promise<Served> {
  const refused = refusalLog(door, clock, log)
  const signIn = createSignIn(door, () => core.open(door, 'pin'), { clock, log })
  const page = {
    files,
    refused,
    onSocket: (...[socket, raw]: Parameters<Parameters<typeof startPageServer>[1]['onSocket']>) =>
      servePageSocket(socket, raw, { signIn, clock, refused }),
  }
  return { signIn, server: await onSomePort(port, (chosen) => startPageServer(chosen, page)) }
}

/** Serves on the port of last time, else on any. */
async function onSomePort(port: number | undefined, start: (port: number) => Promise<PageServer>): Promise<PageServer> {
  if (port === undefined) return start(0)
  try {
    return await start(port)
  } catch (error) {
    if (!['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    return start(0)
  }
}

/** Pages on ports that cannot be remembered are served all the same; next time they are elsewhere. */
function remember(ports: { app: number; approval: number }, deps: HostPagesDeps): void {
  try {
    deps.ports.set(ports)
  } catch (error) {
    deps.log.warn('the ports of the pages could not be written down', { error: String(error) })
  }
}
