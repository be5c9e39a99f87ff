import type { ToolgateError } from '../../../../shared/errors.ts'
import { relistenDelay } from '../../gateway/relisten.ts'
import { type Message, objectOf, paramsOf } from '../../json/message.ts'
import type { Clock, Log } from '../../ports.ts'
import type { Peer } from './peer.ts'
import { codes, lines, metaKeys } from './vocabulary.ts'

/** Resources that one client may watch. */
const mostWatched = 1_000

type Waiting = { uri: string; done: (problem: string | null) => void }
type Listen = { own: string; watched: ReadonlySet<string>; heard: boolean }

/**
 * Hears for a client of the generation with sessions what its server would say by itself: one `subscriptions/listen` that covers the
 * lists the server announces changes of, and the resources that the client subscribed to (MCP 2026-07-28, subscriptions). A changed
 * wish opens a new one before the old one is given up.
 */
export function createListening(deps: {
  peer: Peer
  /** What the server offers, of `capabilities`. */
  offers: Record<string, unknown>
  meta: () => string
  toClient: (message: Message) => void
  /** To the client, in words of ours. */
  news: (line: Buffer) => void
  again: (line: Buffer) => Promise<void>
  soon: (fn: () => void) => void
  clock: Clock
  log: Log
}) {
  const { peer, offers, meta, toClient, news, again, soon, clock, log } = deps
  const uris = new Set<string>()
  let waiting: Waiting[] = []
  let current: Listen | null = null
  let next: Listen | null = null
  let failures = 0
  /** `away`: the server could not be reached. `missed`: it may have said something while nobody listened. */
  let [started, planned, resting, closed, away, missed] = [false, false, false, false, false, false]
  let stopTimer = () => {}

  const announces = (what: string) => objectOf(offers[what]).listChanged === true
  const lists = {
    ...(announces('tools') ? { toolsListChanged: true } : {}),
    ...(announces('prompts') ? { promptsListChanged: true } : {}),
    ...(announces('resources') ? { resourcesListChanged: true } : {}),
  }

  function announceLists(): void {
    for (const kind of ['tools', 'resources', 'prompts'].filter(announces)) {
      news(lines.notification(`notifications/${kind}/list_changed`, null))
    }
  }

  /** Several wishes that come together are one request. */
  function plan(): void {
    if (planned || resting || closed) return
    planned = true
    soon(open)
  }

  function open(): void {
    planned = false
    if (resting || closed) return
    stopTimer()
    if (next) peer.cancel(next.own, 'another one takes its place')
    next = null
    if (Object.keys(lists).length === 0 && uris.size === 0) {
      use(null)
      return
    }
    const watched = new Set(uris)
    const filter = { ...lists, ...(watched.size > 0 ? { resourceSubscriptions: [...watched] } : {}) }
    const params = `{"_meta":${meta()},"notifications":${JSON.stringify(filter)}}`
    const listen: Listen = { own: '', watched, heard: false }
    next = listen
    listen.own = peer.ask('subscriptions/listen', () => params, {
      answered(answer) {
        const unknown = objectOf(answer.json.error).code === codes.methodNotFound
        ended(listen, answer.spans.has('error'), unknown)
      },
      failed: (error: ToolgateError) => {
        log.info('listening to a server broke off', { why: error.message })
        away = true
        ended(listen, true)
      },
    })
  }

  /** `listen` is what is heard from now on. */
  function use(listen: Listen | null): void {
    if (current) peer.cancel(current.own, 'another one takes its place')
    current = listen
    next = null
  }

  function acknowledged(listen: Listen, message: Message): void {
    listen.heard = true
    failures = 0
    away = false
    if (listen !== next) return
    use(listen)
    if (missed) announceLists()
    missed = false
    const { resourceSubscriptions } = objectOf(paramsOf(message).notifications)
    const granted = new Set(Array.isArray(resourceSubscriptions) ? resourceSubscriptions : [])
    const settled = waiting.filter(({ uri }) => listen.watched.has(uri))
    waiting = waiting.filter(({ uri }) => !listen.watched.has(uri))
    for (const { uri, done } of settled) {
      if (!granted.has(uri)) uris.delete(uri)
      done(granted.has(uri) ? null : 'the server does not watch this resource')
    }
  }

  /** `unknown`: the server does not know such a request, and is not asked again by itself. */
  function ended(listen: Listen, failed: boolean, unknown = false): void {
    if (listen !== current && listen !== next) return
    if (listen === current) current = null
    else next = null
    if (failed && !listen.heard) failures++
    missed ||= failures > 0
    for (const { uri, done } of failures > 0 ? waiting.splice(0) : []) {
      uris.delete(uri)
      done('the server does not take subscriptions right now')
    }
    if (closed || unknown) return
    stopTimer()
    stopTimer = clock.after(relistenDelay(failures), plan)
  }

  /** INVARIANT: what the client was allowed to watch is decided anew before a new process is asked to watch it. */
  async function subscribeAgain(wished: readonly string[]): Promise<void> {
    for (const uri of wished) {
      if (resting || closed) {
        uris.add(uri)
        continue
      }
      await again(lines.request('0', 'resources/subscribe', JSON.stringify({ uri })))
    }
  }

  return {
    /** The server ended: nothing is heard until `resume`. What it had not taken yet, the client is told, is lost. */
    forget(): void {
      stopTimer()
      for (const { uri } of waiting.splice(0)) uris.delete(uri)
      current = null
      next = null
      resting = true
    },

    /** Another process is there. Its lists may have changed meanwhile. */
    resume(): void {
      resting = false
      failures = 0
      missed = false
      const wished = [...uris]
      uris.clear()
      if (!started) return
      announceLists()
      plan()
      void subscribeAgain(wished)
    },

    /** The server answered something: when it was away before, it is not any more. */
    reached(): void {
      if (!away || next) return
      away = false
      plan()
    },

    /** This machine slept, and nobody knows what of the connections is left: another one is heard in place of this one. */
    woke(): void {
      if (!started || resting) return
      missed = true
      plan()
    },

    /** The client is ready to hear. */
    begin(): void {
      if (started) return
      started = true
      plan()
    },

    /** `done` gets what is wrong, null for nothing, once the server said what it watches. */
    subscribe(uri: string, done: (problem: string | null) => void): void {
      if (uris.has(uri) && current?.watched.has(uri)) done(null)
      else if (uris.size >= mostWatched) done(`no more than ${mostWatched} resources can be watched`)
      else {
        uris.add(uri)
        waiting.push({ uri, done })
        plan()
      }
    },

    unsubscribe(uri: string): void {
      if (uris.delete(uri)) plan()
    },

    /** Takes what belongs to listening; false for any other notification. */
    take(message: Message): boolean {
      const { _meta } = paramsOf(message)
      const named = objectOf(_meta)[metaKeys.subscription]
      if (message.method === 'notifications/subscriptions/acknowledged') {
        const listen = [next, current].find((candidate) => candidate !== null && candidate.own === named)
        if (listen) acknowledged(listen, message)
        return true
      }
      if (!/^notifications\/(?:\w+\/list_changed|resources\/updated)$/.test(message.method ?? '')) return false
      const other = named !== undefined && named !== current?.own
      if (!other) toClient(message)
      return true
    },

    close(): void {
      closed = true
      stopTimer()
    },
  }
}
