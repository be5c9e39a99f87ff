import type { Notification } from '../ports.ts'
import { type HttpDeps, type HttpDoor, openHttpDoor } from './door.ts'

/** The HTTP door of a gateway, whether it could be opened or not. */
export type Http = {
  port: () => number | null
  /** Where clients find it, `<server>` standing for a name; null while it is shut. */
  address: () => string | null
  /** The same by the public origin; null where there is none. */
  publicAddress: () => string | null
  /** Why it is shut. */
  problem: () => string | null
  open: (port: number) => Promise<void>
  close: () => Promise<void>
}

type Deps = HttpDeps & { notify: (notification: Notification) => void }

/** A gateway serves without this door too: a port that cannot be had is said everywhere, and ends nothing. */
export function createHttp(deps: Deps): Http {
  let door: HttpDoor | null = null
  let problem: string | null = 'this gateway was started without it'

  return {
    port: () => door?.port ?? null,
    address: () => (door ? `http://127.0.0.1:${door.port}/mcp/<server>` : null),
    publicAddress() {
      const origin = deps.oauth.publicOrigin()
      return door && origin !== null ? `${origin}/mcp/<server>` : null
    },
    problem: () => problem,
    async open(port) {
      try {
        door = await openHttpDoor(port, deps)
        problem = null
      } catch (error) {
        problem = whyShut(port, error as NodeJS.ErrnoException)
        deps.log.error('the HTTP door stays shut', { port, why: problem })
        deps.notify({ kind: 'warning', title: 'the HTTP door of Toolgate stays shut', body: problem })
      }
    },
    async close() {
      await door?.close()
      door = null
    },
  }
}

function whyShut(port: number, { code, message }: NodeJS.ErrnoException): string {
  if (code !== 'EADDRINUSE') return `port ${port} cannot be used: ${message}`
  return (
    `another program holds port ${port}; clients that are set up for this port may send it their tokens. ` +
    'Find out which program it is, and if it is not yours, revoke these tokens: `toolgate token list`'
  )
}
