import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { ToolgateError } from '../../../../shared/errors.ts'
import { AddressRefused } from './address-guard.ts'

/** A request that came to nothing; the message says why, in our own words and without anything secret. */
export class HttpFailure extends Error {}

const connectMs = 15_000
/** From the first byte of an answer to the end of its headers. */
const headersMs = 10_000
const keepAliveMs = 30_000
/** What is read of a body that nobody wants, so that its connection can be used again. */
const discardedBytes = 64 * 1024

function isSecure(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket && socket.encrypted === true
}

/**
 * The answer to a request, once its headers are there; `withinMs`: so long after now at most, null for as long as it takes. Bounds each part
 * of the way there. Rejects with `HttpFailure`, or with what `failureOf` makes one of.
 */
export function awaitAnswer(req: ClientRequest, withinMs: number | null): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const end = (why: string) => req.destroy(new HttpFailure(why))
  const timers: NodeJS.Timeout[] = []
  let answered = false
  const after = (ms: number, why: string) => void timers.push(setTimeout(end, ms, why).unref())
  if (withinMs !== null) after(withinMs, `it did not answer within ${withinMs / 1000} s`)
  req.once('socket', (socket) => {
    // A peer that is gone, as after a sleep of this machine, is noticed while an answer is waited for.
    socket.setKeepAlive(true, keepAliveMs)
    // The first bytes that come belong to this answer: a connection carries one at a time.
    const began = () => {
      // Headers that came whole with the first bytes have been read before this is called.
      if (!answered) after(headersMs, `the headers of its answer did not end within ${headersMs / 1000} s`)
    }
    socket.once('data', began)
    req.once('close', () => socket.off('data', began))
    req.on('information', () => {
      timers.splice(0).forEach(clearTimeout)
      socket.once('data', began)
    })
    if (!socket.connecting) return
    const connecting = setTimeout(end, connectMs, `it could not be connected to within ${connectMs / 1000} s`).unref()
    timers.push(connecting)
    socket.once(isSecure(socket) ? 'secureConnect' : 'connect', () => clearTimeout(connecting))
  })
  const stop = () => timers.forEach(clearTimeout)
  req.once('response', (res) => {
    answered = true
    stop()
    // It breaks off when the request is aborted or the connection ends; whoever reads it hears of that.
    res.on('error', () => {})
    resolve(res)
  })
  req.once('upgrade', (_res, socket) => {
    socket.destroy()
    reject(new HttpFailure('it wants to speak another protocol'))
  })
  req.on('error', reject)
  req.once('close', () => {
    stop()
    reject(new HttpFailure('it ended the connection without an answer'))
  })
  return promise
}

/** An answer whose body can be read as it comes. Throws HttpFailure, and ends it, when it is compressed. */
export function uncompressed(res: IncomingMessage): IncomingMessage {
  const encoding = res.headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return res
  res.destroy()
  throw new HttpFailure('it compresses its answers, which it was not asked to')
}

/** Reads a body to its end when it is short, and breaks it off otherwise. */
export function discard(res: IncomingMessage): void {
  let size = 0
  res.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > discardedBytes) res.destroy()
  })
  setTimeout(() => res.destroy(), connectMs).unref()
}

const causes: Record<string, string> = {
  ECONNREFUSED: 'nothing listens at its address',
  ECONNRESET: 'it broke the connection off',
  EPIPE: 'it broke the connection off',
  ETIMEDOUT: 'it could not be connected to in time',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host cannot be looked up right now',
  EPROTO: 'it does not speak TLS at this address',
  HPE_HEADER_OVERFLOW: 'the headers of its answer are too large',
}

/** Why a request came to nothing, in our own words. */
export function failureOf(error: unknown): Error {
  if (error instanceof HttpFailure || error instanceof ToolgateError) return error
  if (error instanceof AddressRefused) return new HttpFailure(error.message)
  const { code = '' } = error as { code?: string }
  if (/^HPE_/.test(code) && !causes[code]) return new HttpFailure('what it answers is not HTTP')
  if (/CERT|SELF_SIGNED|LEAF_SIGNATURE|ALTNAME/.test(code)) {
    return new HttpFailure(`its certificate cannot be trusted (${code})`)
  }
  return new HttpFailure(
    causes[code] ?? `the connection failed (${/^[A-Z_]{1,60}$/.test(code) ? code : 'unknown cause'})`,
  )
}
