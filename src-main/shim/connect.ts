import { connect, type Socket } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { sharedShimKey } from '../../shared/link.ts'
import type { ShimArguments } from './arguments.ts'
import { Failure, unreachable } from './failure.ts'
import { type Caller, HungUp, shakeHands } from './handshake.ts'
import { openToOthers, ownFolder, ownSocket, readOwnFile } from './own-files.ts'
import { socketPath } from './profile.ts'

/**
 * Connects to the gateway of a profile and shakes hands; the socket comes back paused. Null when no gateway listens there
 * (none ever did, or it has ended). Throws Failure when there is one that refuses us, or something that must not be trusted.
 */
export async function connectGateway(args: ShimArguments): Promise<Socket | null> {
  const path = socketPath(args.profile)
  const secret = secretOf(args)
  if (!secret) return null
  if (process.platform !== 'win32' && !(ownFolder(dirname(path)) && ownSocket(path))) return null
  const socket = await open(path)
  if (!socket) return null
  const caller: Caller = { key: args.entry ?? sharedShimKey, secret, server: args.server, name: args.name }
  try {
    await shakeHands(socket, caller)
    return socket
  } catch (error) {
    socket.destroy()
    if (error instanceof HungUp) return null
    throw error
  }
}

/** The secret of this client's entry, or the one for all clients; null when the gateway has not made that one yet. */
function secretOf({ profile, entry }: ShimArguments): Buffer | null {
  const keys = join(resolve(profile), 'keys')
  const file = join(keys, entry ?? sharedShimKey)
  const text = ownFolder(keys) ? readOwnFile(file, openToOthers) : null
  if (text !== null && /^[0-9a-f]{64}$/.test(text)) return Buffer.from(text)
  if (text !== null) throw unreachable(`\`${file}\` holds no key`, 'remove it and run `toolgate doctor`')
  if (entry === null) return null
  throw new Failure(
    'CLIENT_REFUSED',
    `the profile \`${profile}\` knows no client entry \`${entry}\`; it may have been revoked, or another profile is meant`,
    'see that `--profile` is right in the configuration of the client, or connect it again with `toolgate clients issue <name>`',
  )
}

/** Null when nobody listens at `path`, or so many call at once that it must be tried again. */
function open(path: string): Promise<Socket | null> {
  return new Promise((done, fail) => {
    const socket = connect({ path, allowHalfOpen: true })
    // Also hears what comes later, when everybody else has stopped listening.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ECONNREFUSED', 'EAGAIN'].includes(error.code ?? '')) done(null)
      else fail(unreachable(`the gateway's socket cannot be used (${error.code})`, 'run `toolgate doctor`'))
    })
    socket.once('connect', () => done(socket))
  })
}
