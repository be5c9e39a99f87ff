import { chmodSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { Hello } from '../../../shared/link.ts'
import { lineWriter } from '../line-writer.ts'
import type { Clock, Log, Paths } from '../ports.ts'
import { checkSocketPath, claimFolder, isPipe, removeStaleSocket } from './link-folder.ts'
import { HandshakeRefused, type SecretOf, shakeHands } from './link-handshake.ts'
import { lockProfile, ProfileBusy, type ProfileLock } from './link-lock.ts'

/** A local caller that has proven itself. Nothing is read from it before `onData`; `hello` is what it said it is. */
export type Link<H extends Hello> = {
  hello: H
  onData: (fn: (chunk: Buffer) => void) => void
  /** The caller will send nothing more (or is gone, which looks the same): finish, then `end`. */
  onEnd: (fn: () => void) => void
  onDrain: (fn: () => void) => void
  /** Both directions are closed; called once, also when the caller was killed. */
  onClose: (fn: () => void) => void
  /** False: wait for `onDrain` before writing more; what is written after the link closed is dropped. */
  write: (chunk: Buffer) => boolean
  /** The same for one line, whose line feed is added. */
  writeLine: (line: Buffer) => boolean
  /** Flushes what was written, then closes our direction. */
  end: () => void
  /** Closes both directions now. */
  destroy: () => void
  pause: () => void
  resume: () => void
}
export type ShimLink = Link<Extract<Hello, { role: 'shim' }>>
export type ControlLink = Link<Extract<Hello, { role: 'control' }>>

/** Where to listen, and who takes the callers that passed the handshake. */
export type ListenOptions = {
  paths: Pick<Paths, 'run' | 'socket'>
  /** The secret of a key that a caller names (any text); null when there is none. */
  secretOf: SecretOf
  onShim: (link: ShimLink) => void
  onControl: (link: ControlLink) => void
  log: Log
  clock: Clock
  /** The profile, when it was taken before; else `listen` takes it. */
  claim?: ProfileLock
}

/** An open socket; `close` ends its links as well. */
export type Listener = { close: () => Promise<void> }

/**
 * Takes the profile and listens on its socket; every caller that passes the handshake becomes a link. Throws ProfileBusy
 * when another gateway has the profile, and Error when the folders are not safely ours or the socket cannot be bound.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { paths, clock } = options
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    void admit(socket, options)
  })
  const claim = options.claim ?? (await claimProfile(paths))
  // A claim that was given outlives the listener: there is more to close under it.
  const release = options.claim ? () => {} : claim.release
  try {
    await bind(server, paths.socket)
    if (!isPipe(paths.socket)) chmodSync(paths.socket, 0o600)
  } catch (error) {
    release()
    throw error
  }
  server.on('error', (error) => options.log.error('the socket failed', { error: error.message }))
  return {
    async close() {
      // Closing removes the socket file; the lock goes last, so that a new gateway's socket is never the one removed.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroySoon()
      const cancel = clock.after(1000, () => {
        for (const socket of sockets) socket.destroy()
      })
      await closed
      cancel()
      release()
    },
  }
}

/**
 * Makes this process the only gateway on the profile, before it touches anything that only one may: the database above all.
 * Throws ProfileBusy, and Error when the folders are not safely ours. Whoever gets a claim binds it or releases it.
 */
export async function claimProfile(paths: ListenOptions['paths']): Promise<ProfileLock> {
  claimFolder(paths.run)
  if (isPipe(paths.socket)) return lockPipe(paths.socket)
  checkSocketPath(paths.socket)
  claimFolder(dirname(paths.socket))
  const lock = await lockProfile(paths.run, () => answers(paths.socket))
  try {
    if (await answers(paths.socket)) throw new ProfileBusy(null)
    removeStaleSocket(paths.socket)
    return lock
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * Only one process can create a pipe of a name, and it goes with the process: that is the lock there. Not the pipe that callers
 * use, which opens only once the database is ours and ready.
 */
async function lockPipe(pipe: string): Promise<ProfileLock> {
  const holder = createServer((socket) => socket.destroy())
  await bind(holder, `${pipe}-lock`)
  holder.on('error', () => {}).unref()
  return { release: () => void holder.close() }
}

/** Whether somebody accepts connections at `path`. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    // EAGAIN: somebody listens and has more callers than it takes in.
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EAGAIN'))
    socket.on('connect', () => {
      resolve(true)
      socket.destroy()
    })
  })
}

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? new ProfileBusy(null) : error)
    }
    server.once('error', onError).listen(path, () => {
      server.off('error', onError)
      resolve()
    })
  })
}

async function admit(socket: Socket, { secretOf, onShim, onControl, log, clock }: ListenOptions): Promise<void> {
  // A caller may be killed at any time; what follows from it is told by `close`.
  socket.on('error', (error) => log.info('a local connection failed', { error: error.message }))
  try {
    const hello = await shakeHands(socket, secretOf, clock)
    if (hello.role === 'shim') onShim(linkOf(socket, hello))
    else onControl(linkOf(socket, hello))
  } catch (error) {
    if (error instanceof HandshakeRefused) log.warn('a local connection was refused', { why: error.message })
    else log.error('a local connection failed', { error: String(error) })
    socket.destroySoon()
    clock.after(1000, () => socket.destroy())
  }
}

function linkOf<H extends Hello>(socket: Socket, hello: H): Link<H> {
  return {
    hello,
    onData: (fn) => void socket.on('data', fn).resume(),
    onEnd: (fn) => void socket.on('end', fn),
    onDrain: (fn) => void socket.on('drain', fn),
    onClose: (fn) => void (socket.closed ? fn() : socket.on('close', fn)),
    write: (chunk) => socket.writable && socket.write(chunk),
    writeLine: lineWriter(socket),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  }
}
