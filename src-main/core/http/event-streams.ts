import type { ServerResponse } from 'node:http'
import type { Flow } from './flow.ts'
import { beginEvents } from './refusals.ts'

/** How much of what was sent is kept for clients that come back, per session; the newest event always is. */
const keptBytes = 2 * 1024 * 1024
const keptEvents = 500

/** When a client whose connection broke should come back, in ms. */
const retryMs = 1_000

/** A stream of events that outlives its connection. Events count from 1. */
export type EventStream = {
  readonly key: string
  sent: number
  /** The newest event that was written to a connection, and the newest that is no longer kept. */
  written: number
  lost: number
  kept: number
  ended: boolean
  response: ServerResponse | null
}

type Kept = { stream: EventStream; n: number; line: Buffer }

/**
 * The event streams of one session. A connection that breaks does not lose events: they are kept, within bounds, and whoever
 * comes back with the id of the last one gets what came after it (MCP 2025-11-25, transports, resumability). `onLost` hears of
 * events that were dropped before anybody got them.
 */
export function createEventStreams(flow: Flow, onLost: (line: Buffer) => void) {
  const streams = new Map<string, EventStream>()
  const kept: Kept[] = []
  let bytes = 0

  function evict(): void {
    while (kept.length > 1 && (bytes > keptBytes || kept.length > keptEvents)) {
      const { stream, n, line } = kept.shift() as Kept
      bytes -= line.length
      stream.lost = n
      stream.kept--
      forgetIfDone(stream)
      if (n > stream.written) onLost(line)
    }
  }

  function forgetIfDone(stream: EventStream): void {
    if (stream.ended && stream.kept === 0) streams.delete(stream.key)
  }

  return {
    open(key: string): EventStream {
      const stream = { key, sent: 0, written: 0, lost: 0, kept: 0, ended: false, response: null }
      streams.set(key, stream)
      return stream
    },

    send(stream: EventStream, line: Buffer): void {
      const n = ++stream.sent
      kept.push({ stream, n, line })
      stream.kept++
      bytes += line.length
      if (stream.response && !stream.response.writableEnded) {
        flow.event(stream.response, line, `${stream.key}-${n}`)
        stream.written = n
      }
      evict()
    },

    /** Nothing more will come; what was sent can still be fetched. */
    end(stream: EventStream): void {
      stream.ended = true
      stream.response?.end()
      stream.response = null
      forgetIfDone(stream)
    },

    /** The stream and event that the id of an event names; null when there is none such. */
    find(eventId: string): { stream: EventStream; after: number } | null {
      const [, key = '', n = ''] = /^([a-z]\d*)-(\d{1,9})$/.exec(eventId) ?? []
      const stream = streams.get(key)
      return stream && Number(n) <= stream.sent ? { stream, after: Number(n) } : null
    },

    /**
     * Connects a response: it gets what came after event `after` (by default, what nobody got yet) and what comes from now
     * on. `prime`: begin with an event that carries an id and nothing else, so that the client can come back from the start.
     * False when events after `after` are no longer kept.
     */
    connect(
      stream: EventStream,
      res: ServerResponse,
      prime: boolean,
      after = Math.max(stream.written, stream.lost),
    ): boolean {
      if (after < stream.lost) return false
      stream.response?.end()
      beginEvents(res)
      const retry = `retry: ${retryMs}\n`
      flow.write(res, prime ? `id: ${stream.key}-${after}\n${retry}data: \n\n` : `${retry}\n`)
      for (const { stream: of, n, line } of kept) {
        if (of !== stream || n <= after) continue
        flow.event(res, line, `${stream.key}-${n}`)
        stream.written = Math.max(stream.written, n)
      }
      if (stream.ended) {
        res.end()
        return true
      }
      if (res.destroyed) return true
      stream.response = res
      res.once('close', () => {
        if (stream.response === res) stream.response = null
      })
      return true
    },

    /** Keeps connections alive on which nothing happens. */
    beat(): void {
      for (const { response } of streams.values()) if (response) flow.write(response, ':\n\n')
    },

    connected: () => [...streams.values()].some(({ response }) => response !== null),

    close(): void {
      for (const stream of streams.values()) stream.response?.end()
      streams.clear()
      kept.length = 0
    },
  }
}
