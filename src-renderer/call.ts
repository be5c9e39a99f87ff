import { createStore } from 'zustand/vanilla'
import type { CallName, ControlReply, Input, Output, PageEvent } from '../shared/calls.ts'
import { hasBridge, type Link, openBridge, openSocket } from './link/open-link.ts'
import { holdsSignIn, takeSignIn } from './link/sign-in.ts'

/** A call that failed: a stable code, a sentence, and what to do next. */
export class CallFailure extends Error {
  readonly code: string
  readonly hint: string
  constructor(code: string, message: string, hint: string) {
    super(message)
    this.name = 'CallFailure'
    this.code = code
    this.hint = hint
  }
}

/** How the page stands with its host. `retryAt` is in milliseconds since 1970. */
export type Connection =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'lost'; retryAt: number }
  | { state: 'signed-out'; why: string; hint: string }

/** The connection as a store; `useConnection` reads it in components. */
export const connection = createStore<Connection>(() => ({ state: 'connecting' }))

/** The two pages: only the app's session outlives a reload. */
type PageName = 'app' | 'approval'
type Waiting = {
  name: string
  line: (id: number) => string
  done: (value: unknown) => void
  fail: (why: CallFailure) => void
}

const sessionKey = 'toolgate.session'
const firstRetryMs = 250
const longestRetryMs = 5_000
/** The host cuts off a page that has more than 64 requests waiting. */
const mostInFlight = 32

let link: Link | null = null
let lastId = 0
let retryMs = firstRetryMs
let session: string | null = null
let nonce: string | null = null
const inFlight = new Map<number, Waiting>()
const queue: Waiting[] = []
const listeners = new Set<(event: PageEvent) => void>()

/** Connects this page to its host and keeps it connected; gives the place that the page was opened for. Call it once. */
export function connect(page: PageName): string {
  const signIn = takeSignIn(window)
  // Another sign-in link in the same tab changes only the fragment: a fresh page takes its nonce out of the address.
  window.addEventListener('hashchange', () => holdsSignIn(window.location) && window.location.reload())
  nonce = signIn.nonce
  session = page === 'app' ? sessionStorage.getItem(sessionKey) : null
  openLink(page)
  return signIn.at
}

/** Whether the desktop app carries this page: then the window is the proof that a person is there, and the platform asks. */
export function inDesktopApp(): boolean {
  return hasBridge()
}

/** Asks the core. Rejects with `CallFailure`, also when the connection is lost before the answer came. */
export function call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
  return new Promise((resolve, reject) => {
    if (connection.getState().state !== 'open') {
      reject(
        new CallFailure('NOT_CONNECTED', 'the page is not connected to the gateway', 'wait until it is, then retry'),
      )
      return
    }
    // The one cast of the page: the host pairs a reply's value with the call that its id stands for.
    const done = (value: unknown) => resolve(value as Output<N>)
    queue.push({ name, line: (id) => JSON.stringify({ id, call: name, input }), done, fail: reject })
    sendQueued()
  })
}

/** Hears what the host tells without being asked; the returned function ends it. */
export function onEvent(listener: (event: PageEvent) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function openLink(page: PageName): void {
  const events = {
    onOpen: (given: string | null) => opened(page, given),
    onLine: receive,
    onRefused: (why: { message: string; hint: string }) => refused(page, why),
    onClose: () => closed(page),
  }
  if (hasBridge()) {
    link = openBridge(events)
    return
  }
  const greeting = nonce !== null ? { sign_in: nonce } : session !== null ? { session } : null
  if (greeting === null) {
    signOut('this page is not signed in', 'open it with a new sign-in link')
    return
  }
  link = openSocket(greeting, events)
}

function opened(page: PageName, given: string | null): void {
  nonce = null
  session = given
  if (page === 'app' && given !== null) sessionStorage.setItem(sessionKey, given)
  retryMs = firstRetryMs
  connection.setState({ state: 'open' }, true)
}

function refused(page: PageName, why: { message: string; hint: string }): void {
  // A link that was used before may have been opened in a page that is signed in already.
  const other = nonce !== null && session !== null
  nonce = null
  if (!other) {
    session = null
    if (page === 'app') sessionStorage.removeItem(sessionKey)
    signOut(why.message, why.hint)
  }
}

function signOut(why: string, hint: string): void {
  connection.setState({ state: 'signed-out', why, hint }, true)
}

function closed(page: PageName): void {
  link = null
  const lost = new CallFailure(
    'CONNECTION_LOST',
    'the connection to the gateway was lost before it answered',
    'look whether it happened, then retry',
  )
  for (const waiting of [...inFlight.values(), ...queue.splice(0)]) waiting.fail(lost)
  inFlight.clear()
  if (connection.getState().state === 'signed-out') return
  connection.setState({ state: 'lost', retryAt: Date.now() + retryMs }, true)
  setTimeout(() => openLink(page), retryMs)
  retryMs = Math.min(retryMs * 2, longestRetryMs)
}

function sendQueued(): void {
  while (link && inFlight.size < mostInFlight) {
    const next = queue.shift()
    if (!next) return
    lastId += 1
    inFlight.set(lastId, next)
    link.send(next.line(lastId))
  }
}

function receive(line: string): void {
  const said = readLine(line)
  if (said === null) return
  if ('event' in said) {
    for (const listener of listeners) listener(said.event)
    return
  }
  const waiting = inFlight.get(said.id)
  if (!waiting) return
  inFlight.delete(said.id)
  if (said.ok) waiting.done(said.value)
  else waiting.fail(new CallFailure(said.code, said.message, said.hint))
  sendQueued()
}

/** The host is our own and signed us in, so its lines are trusted to be what page-link.ts says; anything else is dropped. */
function readLine(line: string): ControlReply | { event: PageEvent } | null {
  try {
    const said: unknown = JSON.parse(line)
    if (typeof said !== 'object' || said === null) return null
    return 'event' in said || 'id' in said ? (said as ControlReply | { event: PageEvent }) : null
  } catch {
    return null
  }
}
