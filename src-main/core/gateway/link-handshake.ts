import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'
import { z } from 'zod'
import { reasons } from '../../../shared/errors.ts'
import {
  type Challenge,
  callerProofText,
  controlKey,
  gatewayProofText,
  type Hello,
  handshakeLimit,
  linkVersion,
  type Verdict,
} from '../../../shared/link.ts'
import type { Clock } from '../ports.ts'

const handshakeMs = 5000

const hex32 = z.string().regex(/^[0-9a-f]{64}$/)
const common = {
  toolgate: z.int(),
  key: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/i),
  nonce: hex32,
  pid: z.int().positive(),
}
const HelloLine = z.discriminatedUnion('role', [
  z.object({ ...common, role: z.literal('control') }),
  z.object({ ...common, role: z.literal('shim'), server: z.string().max(200), name: z.string().max(200) }),
])
const ProofLine = z.object({ proof: hex32 })

/** Why a connection was not let in; for the log. */
export class HandshakeRefused extends Error {}

/** The secret of a key that a caller names; null when there is none. */
export type SecretOf = (key: string) => Buffer | null

/**
 * The gateway's side of the handshake of `shared/link.ts`: gives who called, or throws HandshakeRefused after answering what may
 * be answered. The socket is left paused, with the bytes that followed the handshake unread.
 */
export async function shakeHands(socket: Socket, secretOf: SecretOf, clock: Clock): Promise<Hello> {
  // One limit for the whole handshake: a caller that sends a byte now and then gains nothing.
  const cancel = clock.after(handshakeMs, () => socket.destroy(new HandshakeRefused('the handshake took too long')))
  try {
    const helloLine = await readLine(socket)
    const hello = parse(HelloLine, helloLine)
    // A shim's secret must never open the control door, nor the other way round.
    const fits = (hello.role === 'control') === (hello.key === controlKey)
    const secret = fits ? secretOf(hello.key) : null
    const proven = await exchangeProofs(socket, hello, helloLine, secret)
    if (!proven) return refuse(socket, ...reasons.CLIENT_REFUSED)
    if (hello.toolgate !== linkVersion) {
      return refuse(socket, 'this client was connected by another version of Toolgate', 'connect the client again')
    }
    send(socket, { ok: true })
    return hello
  } finally {
    cancel()
  }
}

/** An unknown key gets a challenge like any other, from a secret that nobody has, so nobody learns which keys there are. */
async function exchangeProofs(socket: Socket, hello: Hello, helloLine: string, known: Buffer | null): Promise<boolean> {
  const secret = known ?? randomBytes(32)
  const nonce = randomBytes(32).toString('hex')
  send(socket, { nonce, proof: hmac(secret, gatewayProofText(hello.nonce, nonce)).toString('hex') })
  const { proof } = parse(ProofLine, await readLine(socket))
  const expected = hmac(secret, callerProofText(hello.nonce, nonce, helloLine))
  return timingSafeEqual(Buffer.from(proof, 'hex'), expected) && known !== null
}

function refuse(socket: Socket, message: string, hint: string): never {
  send(socket, { ok: false, code: 'CLIENT_REFUSED', message, hint })
  throw new HandshakeRefused(message)
}

function hmac(secret: Buffer, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}

function send(socket: Socket, line: Challenge | Verdict): void {
  socket.write(`${JSON.stringify(line)}\n`)
}

function parse<T>(schema: z.ZodType<T>, line: string): T {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new HandshakeRefused('a handshake line is not JSON')
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new HandshakeRefused('a handshake line does not have the expected fields')
  return parsed.data
}

/** One line of at most `handshakeLimit` bytes; what follows it is put back. */
function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0)
    const stop = (settle: () => void): void => {
      socket.pause().off('data', onData).off('end', onEnd).off('close', onEnd).off('error', reject)
      settle()
    }
    const onEnd = (): void => stop(() => reject(new HandshakeRefused('the caller closed during the handshake')))
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk])
      const end = seen.indexOf('\n')
      if (Math.max(end, end < 0 ? seen.length : 0) > handshakeLimit) {
        stop(() => reject(new HandshakeRefused('a handshake line is too long')))
      } else if (end >= 0) {
        stop(() => resolve(seen.toString('utf8', 0, end)))
        if (end + 1 < seen.length) socket.unshift(seen.subarray(end + 1))
      }
    }
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', reject).resume()
  })
}
