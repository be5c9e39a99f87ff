import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { type CallName, type ControlReply, calls, type Input, type Output } from '../../shared/calls.ts'
import {
  type Challenge,
  callerProofText,
  controlKey,
  gatewayProofText,
  type Hello,
  handshakeLimit,
  linkVersion,
  type Verdict,
} from '../../shared/link.ts'
import type { Paths, Secrets } from '../core/ports.ts'
import { CliError, exitCodes } from './cli-error.ts'
import { type Lines, readLines } from './read-lines.ts'

/** One connection to the gateway, proved both ways. */
export type ControlClient = {
  /** Throws `CliError` with the gateway's code, sentence and next step when it refuses. */
  call: <N extends CallName>(name: N, input: Input<N>) => Promise<Output<N>>
  close: () => void
}

const handshakeMs = 5000
const replyLimit = 8 * 1024 * 1024

/**
 * Connects to the gateway of a profile and shakes hands (shared/link.ts): nothing but a hello is sent before the gateway
 * has proved that it holds the profile's control key. Null when no gateway listens; throws UNREACHABLE when something else does.
 */
export async function connectControl(paths: Paths, secrets: Secrets): Promise<ControlClient | null> {
  const key = secrets.get(controlKey)
  if (!key) return null
  const socket = await open(paths.socket)
  if (!socket) return null
  const lines = readLines(socket, handshakeLimit)
  const timer = setTimeout(() => socket.destroy(new Error('timed out')), handshakeMs)
  try {
    await shakeHands(socket, lines, key)
  } catch (error) {
    socket.destroy()
    throw error instanceof CliError ? error : stranger(paths.socket)
  } finally {
    clearTimeout(timer)
  }
  lines.limit(replyLimit)
  return client(socket, lines)
}

/** Null when nobody listens there: no socket, or one that its gateway left behind. */
function open(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(error.code ?? '')) resolve(null)
      else reject(unreachable(`the gateway's socket cannot be used (${error.code ?? error.message})`))
    })
  })
}

async function shakeHands(socket: Socket, lines: Lines, key: Buffer): Promise<void> {
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('hex')
  const nonce = randomBytes(32).toString('hex')
  const hello = JSON.stringify({
    toolgate: linkVersion,
    role: 'control',
    key: controlKey,
    nonce,
    pid: process.pid,
  } satisfies Hello)
  socket.write(`${hello}\n`)
  const answer = JSON.parse(await lines.next()) as Challenge | Extract<Verdict, { ok: false }>
  if ('ok' in answer) throw refusedBy(answer)
  if (!sameText(answer.proof, sign(gatewayProofText(nonce, answer.nonce)))) throw new Error('wrong proof')
  socket.write(`${JSON.stringify({ proof: sign(callerProofText(nonce, answer.nonce, hello)) })}\n`)
  const verdict = JSON.parse(await lines.next()) as Verdict
  if (!verdict.ok) throw refusedBy(verdict)
}

function client(socket: Socket, lines: Lines): ControlClient {
  let lastId = 0
  return {
    async call(name, input) {
      const id = ++lastId
      socket.write(`${JSON.stringify({ id, call: name, input })}\n`)
      const reply = await nextReply(lines)
      if (reply.id !== id && reply.id !== 0) throw unreachable('the gateway answered another question')
      if (!reply.ok) throw new CliError(reply.code, reply.message, reply.hint)
      const value = calls[name].output.safeParse(reply.value)
      if (value.success) return value.data as Output<typeof name>
      throw unreachable(`the gateway's answer to \`${name}\` has another form; it may be of another version`)
    },
    close: () => socket.end(),
  }
}

async function nextReply(lines: Lines): Promise<ControlReply> {
  try {
    return JSON.parse(await lines.next()) as ControlReply
  } catch {
    throw unreachable('the gateway ended the connection')
  }
}

function sameText(a: unknown, b: string): boolean {
  return typeof a === 'string' && a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function refusedBy(verdict: Extract<Verdict, { ok: false }>): CliError {
  return new CliError(verdict.code, verdict.message, verdict.hint, exitCodes.refused)
}

function stranger(socket: string): CliError {
  return unreachable(
    `whatever listens at \`${socket}\` could not prove that it is the gateway`,
    'nothing was sent to it; see which process holds the socket, end it, then run `toolgate doctor`',
  )
}

/** No gateway could be talked to. */
export function unreachable(
  message: string,
  hint = 'see `toolgate doctor`, or start one with `toolgate serve`',
): CliError {
  return new CliError('UNREACHABLE', message, hint, exitCodes.unreachable)
}
