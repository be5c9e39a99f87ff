import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'
import {
  type Challenge,
  callerProofText,
  gatewayProofText,
  type Hello,
  handshakeLimit,
  linkVersion,
  type Verdict,
} from '../../shared/link.ts'
import { Failure, unreachable } from './failure.ts'

const handshakeMs = 5000

/** The gateway, or whatever listens in its place, closed the connection in the middle; another attempt may succeed. */
export class HungUp extends Error {}

/** Who calls: the name of a key, its secret, and what the client wants. */
export type Caller = { key: string; secret: Buffer; server: string; name: string }

/**
 * The caller's side of the handshake of `shared/link.ts`. Nothing of the client's is sent before it, and nothing but a nonce
 * and names before the gateway has proved that it holds the secret. Throws Failure when either side is refused.
 */
export async function shakeHands(socket: Socket, { key, secret, server, name }: Caller): Promise<void> {
  const timer = setTimeout(() => socket.destroy(stranger('does not answer')), handshakeMs)
  try {
    const nonce = randomBytes(32).toString('hex')
    const said: Hello = { toolgate: linkVersion, role: 'shim', key, nonce, pid: process.pid, server, name }
    const hello = JSON.stringify(said)
    socket.write(`${hello}\n`)
    const challenge = (await readLine(socket)) as Partial<Challenge>
    const theirs = typeof challenge.nonce === 'string' ? challenge.nonce : ''
    const proof = Buffer.from(typeof challenge.proof === 'string' ? challenge.proof : '')
    const expected = Buffer.from(sign(secret, gatewayProofText(nonce, theirs)))
    if (proof.length !== expected.length || !timingSafeEqual(proof, expected)) {
      throw stranger('could not prove that it is the gateway, so it was told nothing')
    }
    socket.write(`${JSON.stringify({ proof: sign(secret, callerProofText(nonce, theirs, hello)) })}\n`)
    const verdict = (await readLine(socket)) as Verdict
    if (verdict.ok !== true) throw new Failure(verdict.code, verdict.message, verdict.hint)
  } finally {
    clearTimeout(timer)
  }
}

function stranger(does: string): Failure {
  return unreachable(
    `what listens on the gateway's socket ${does}`,
    'run `toolgate doctor`, and see what holds the socket',
  )
}

function sign(secret: Buffer, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

/** One line as JSON; what follows it is put back. */
function readLine(socket: Socket): Promise<object> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0)
    const settle = (finish: () => void): void => {
      socket.pause().off('data', onData).off('close', onClose).off('end', onClose).off('error', onError)
      finish()
    }
    const onError = (error: Error): void =>
      settle(() => reject(error instanceof Failure ? error : new HungUp('the connection failed', { cause: error })))
    const onClose = (): void => onError(new HungUp('the connection was closed'))
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk])
      const end = seen.indexOf('\n')
      if ((end < 0 ? seen.length : end) > handshakeLimit) onError(stranger('does not speak as the gateway does'))
      else if (end >= 0)
        settle(() => {
          if (end + 1 < seen.length) socket.unshift(seen.subarray(end + 1))
          const value = parse(seen.toString('utf8', 0, end))
          if (value) resolve(value)
          else reject(stranger('does not speak as the gateway does'))
        })
    }
    socket.on('data', onData).on('close', onClose).on('end', onClose).on('error', onError).resume()
  })
}

function parse(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
