import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

/** How long the gateway may be silent before we go, once the client has said its last. */
const lingerMs = 10_000

/** Lets a stream fill its buffer and tell its end, and takes nothing from it; gives how to stop that. */
export function holdBack(stream: Readable): () => void {
  // A stream tells its end only to somebody who reads.
  const look = (): void => {
    if (stream.readableLength === 0) stream.read()
  }
  stream.on('readable', look)
  return () => stream.off('readable', look)
}

/**
 * Carries bytes both ways until one side ends. Nothing is written to the client before it has said something. Resolves with
 * whether it was the client that ended, in which case the gateway could still say what it had to say.
 */
export function pump(socket: Socket, input: Readable, output: Writable): Promise<'client' | 'gateway'> {
  const { promise, resolve } = Promise.withResolvers<'client' | 'gateway'>()
  let spoken = false
  let inputEnded = false
  const gatewayEnded = (): void => resolve(inputEnded ? 'client' : 'gateway')
  socket.on('end', gatewayEnded).on('close', gatewayEnded).on('error', gatewayEnded)
  // The client does not read any more, or is gone.
  output.on('error', () => resolve('client'))

  const release = holdBack(socket)
  input.once('data', () => {
    spoken = true
    release()
    socket.pipe(output, { end: false })
  })
  input.once('end', () => {
    inputEnded = true
    // To one who asked nothing there is nothing to answer.
    if (!spoken) return resolve('client')
    const linger = setTimeout(() => resolve('client'), lingerMs).unref()
    socket.on('data', () => linger.refresh())
  })
  // Its end closes our direction of the socket, and no more than that.
  input.pipe(socket)
  return promise
}
