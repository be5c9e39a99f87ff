import { WebSocket } from 'ws'
import { type CallName, type ControlReply, calls, type Input, type Output, type PageEvent } from '../../shared/calls.ts'
import { type PageWelcome, pageSocketPath, signInFragment } from '../../shared/page-link.ts'

/** Who was not let in: by the status with which the socket was refused, or by the code that answered the greeting. */
export class PageRefused extends Error {
  readonly status: number | null
  readonly code: string | null
  constructor(status: number | null, code: string | null) {
    super(`the page was refused: ${code ?? status}`)
    this.status = status
    this.code = code
  }
}

/** A page that has signed in to a real host. */
export type PageClient = {
  session: string
  /** The place in the page that its link names, such as `/servers/files`. */
  at: string | null
  /** All that it heard without asking. */
  events: readonly PageEvent[]
  /** Makes a call and gives its value, which must be exactly what the table promises; throws with the code of a refusal. */
  call: <N extends CallName>(name: N, input: Input<N>) => Promise<Output<N>>
  /** The code with which a call is refused; `allowed` when it is not. */
  refusal: (name: string, input: unknown) => Promise<string>
  /** Waits for an event, or one that came before. */
  hears: (wanted: (event: PageEvent) => boolean) => Promise<PageEvent>
  /** Sends a line as it is. */
  send: (line: string) => void
  /** Resolves when the host or the page has ended the connection. */
  ended: Promise<void>
  close: () => Promise<void>
}

/** `origin`: what the browser would say that the page came from; the page's own, unless told otherwise. */
export type PageClientOptions = { origin?: string }

/** Opens a sign-in link as the page behind it does. Throws `PageRefused`. */
export function openLink(link: string, options: PageClientOptions = {}): Promise<PageClient> {
  const { origin, hash } = new URL(link)
  const fragment = new URLSearchParams(hash.slice(1))
  return greet(origin, { sign_in: fragment.get(signInFragment) ?? '' }, fragment.get('at'), options)
}

/** Takes a session up again, on a new connection to the page at `address`. Throws `PageRefused`. */
export function resumeSession(address: string, session: string, options: PageClientOptions = {}): Promise<PageClient> {
  return greet(new URL(address).origin, { session }, null, options)
}

async function greet(
  page: string,
  greeting: object,
  at: string | null,
  { origin = page }: PageClientOptions,
): Promise<PageClient> {
  const socket = new WebSocket(`${page.replace(/^http/, 'ws')}${pageSocketPath}`, { origin })
  const client = carry(socket)
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (request, response) => {
      request.destroy()
      reject(new PageRefused(response.statusCode ?? null, null))
    })
  })
  client.send(JSON.stringify(greeting))
  const welcome = await client.welcome
  if (!welcome.ok) throw new PageRefused(null, welcome.code)
  const { welcome: _, ...rest } = client
  return { ...rest, session: welcome.session, at }
}

/** Sorts what comes over a socket into the welcome, replies and events. */
function carry(socket: WebSocket) {
  const events: PageEvent[] = []
  const replies = new Map<number, ControlReply>()
  const waiting = new Set<() => void>()
  const welcome = Promise.withResolvers<PageWelcome>()
  let welcomed = false
  let over = false
  let last = 0
  const wake = () => {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      over = true
      welcome.reject(new Error('the host ended the connection without a welcome'))
      wake()
      resolve()
    })
  })
  welcome.promise.catch(() => {
    // Whoever waits for it hears of it; a socket that was refused has nobody waiting.
  })
  socket.on('error', () => {
    // It closes, and that is what tests look at.
  })
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    if (!welcomed) {
      welcomed = true
      welcome.resolve(message)
    } else if ('event' in message) events.push(message.event)
    else replies.set(message.id, message)
    wake()
  })
  /** Waits until `look` finds something in what has come. */
  async function until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (over) throw new Error('the host ended the connection')
      await new Promise<void>((resolve) => waiting.add(resolve))
    }
  }
  async function ask(call: string, input: unknown): Promise<ControlReply> {
    const id = ++last
    socket.send(JSON.stringify({ id, call, input }))
    return until(() => replies.get(id))
  }
  return {
    ...{ events, ended, welcome: welcome.promise },
    send: (line: string) => socket.send(line),
    async call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
      const reply = await ask(name, input)
      if (!reply.ok) throw new Error(`\`${name}\` is refused with ${reply.code}: ${reply.message}; ${reply.hint}`)
      // The table pairs the name with its output, which TypeScript cannot follow through a variable.
      return calls[name].output.parse(reply.value) as Output<N>
    },
    async refusal(name: string, input: unknown): Promise<string> {
      const reply = await ask(name, input)
      return reply.ok ? 'allowed' : reply.code
    },
    hears: (wanted: (event: PageEvent) => boolean) => until(() => events.find(wanted)),
    async close() {
      socket.close()
      await ended
    },
  }
}
