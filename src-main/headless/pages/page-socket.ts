import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { CallError } from '../../../shared/call-errors.ts'
import { greetingLimits, type PageGreeting, type PageWelcome } from '../../../shared/page-link.ts'
import { controlLineLimit } from '../../core/control/dispatch.ts'
import type { PageLink } from '../../core/control/pages.ts'
import type { Clock } from '../../core/ports.ts'
import type { SignIn } from './sign-in.ts'

/** What a page may leave unread before it is cut off: the longest reply, and another one behind it. */
const unreadLimit = 2 * controlLineLimit

/** What WebSocket frames add to a greeting (RFC 6455, 5.2), a ping or two included. */
const frameBytes = 256

const Secret = z.string().regex(/^[\w-]{43}$/)
const Greeting: z.ZodType<PageGreeting> = z.union([
  z.strictObject({ sign_in: Secret }),
  z.strictObject({ session: Secret }),
])

/** What a page's connection works with. `refused` hears why a connection did not get past its greeting. */
export type SocketDeps = { signIn: SignIn; clock: Clock; refused: (why: string) => void }

/**
 * Serves one WebSocket of a page, whose Host and Origin have been checked: the greeting first, within its limits of time and
 * size; then lines both ways (shared/page-link.ts). Says nothing before the greeting, and nothing but a refusal without one.
 */
export function servePageSocket(socket: WebSocket, raw: Duplex, { signIn, clock, refused }: SocketDeps): void {
  const link = pageLink(socket)
  const stopTimer = clock.after(greetingLimits.ms, () => refuse('it did not greet in time'))
  let waiting = true
  let received = 0

  function endWaiting(): void {
    waiting = false
    stopTimer()
  }

  function refuse(why: string, error = new CallError('NOT_SIGNED_IN')): void {
    if (!waiting) return
    endWaiting()
    refused(why)
    const { code, message, hint } = error
    say(socket, { ok: false, code, message, hint })
    socket.close(1008)
  }

  /** A message that is not whole yet must not fill memory: nobody knows who sends it. */
  function count(chunk: Buffer): void {
    received += chunk.length
    if (received <= greetingLimits.bytes + frameBytes) return
    refuse('its greeting is too long')
    socket.terminate()
  }

  function letIn(greeting: PageGreeting): void {
    try {
      const { secret, session } =
        'sign_in' in greeting
          ? signIn.begin(greeting.sign_in)
          : { secret: greeting.session, session: signIn.resume(greeting.session) }
      endWaiting()
      raw.off('data', count)
      say(socket, { ok: true, session: secret })
      session.attach(link)
    } catch (error) {
      if (error instanceof CallError) refuse('its link or session is used, too old, or of another door', error)
      else refuse(`it could not be let in (${String(error)})`)
    }
  }

  function greet(line: Buffer, isText: boolean): void {
    const greeting = isText && line.length <= greetingLimits.bytes ? readGreeting(line.toString('utf8')) : null
    if (greeting) letIn(greeting)
    else refuse('its first line is no greeting')
  }

  raw.on('data', count)
  socket.once('message', (data, isBinary) => greet(data as Buffer, !isBinary))
  socket.once('close', endWaiting)
}

function readGreeting(text: string): PageGreeting | null {
  try {
    return Greeting.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function say(socket: WebSocket, welcome: PageWelcome): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(welcome))
}

/** The connection as lines; every message is one. Cut off: who sends binary messages, and who does not read. */
function pageLink(socket: WebSocket): PageLink {
  // What is wrong with a frame closes the socket, which is all there is to know.
  socket.on('error', () => socket.terminate())
  return {
    onLine(listener) {
      socket.on('message', (data, isBinary) => {
        if (isBinary) socket.terminate()
        else listener((data as Buffer).toString('utf8'))
      })
    },
    onClose: (listener) => void socket.once('close', listener),
    write(line) {
      if (socket.readyState !== socket.OPEN) return
      socket.send(line)
      if (socket.bufferedAmount > unreadLimit) socket.terminate()
    },
    close: () => socket.close(1000),
  }
}
