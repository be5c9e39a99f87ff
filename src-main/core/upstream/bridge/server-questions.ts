import { changedMembers } from '../../json/changed-members.ts'
import { cancelledKey, type Message, paramsOf } from '../../json/message.ts'
import { textOf } from '../../json/spans.ts'
import type { Clock } from '../../ports.ts'
import type { Peer } from './peer.ts'
import { codes, lines } from './vocabulary.ts'

/** How long a question of a server waits for a request of the client that can carry it. */
const waitMs = 30_000
/** Questions of one server that may be open. */
const mostOpen = 64

/** Something that a server of the generation with sessions asked its client. */
export type Question = {
  key: string
  method: string
  /** Parameters as JSON text, or null. */
  params: string | null
  given: Record<string, unknown>
  /** False once it is answered, or the server took it back. */
  isOpen: () => boolean
  answer: (resultText: string) => void
  refuse: (why: string) => void
}

/** What became of a question: a request carries it, none that is open may, or there is none yet. */
export type Placed = 'carried' | 'refused' | 'nowhere'

/**
 * The requests that a server makes of its client, until they are answered. In 2026-07-28 none can be made by itself: each is carried by
 * the answer to a request of the client, which `place` finds; until there is one, the question waits for a while.
 */
export function createServerQuestions(peer: Peer, clock: Clock, place: (question: Question) => Placed) {
  const open = new Map<string, { question: Question; homeless: boolean; stop: () => void }>()
  let count = 0

  function close(key: string): void {
    open.get(key)?.stop()
    open.delete(key)
  }

  function questionOf(message: Message, idText: string, key: string): Question {
    const { raw, method, spans } = message
    const params = spans.get('params')
    // Their ways of saying how far they are, of being a task, and of naming a page have no counterpart.
    const left = { _meta: null, task: null, ...(method === 'elicitation/create' ? { elicitationId: null } : {}) }
    const over = (line: Buffer) => {
      if (!open.has(key)) return
      close(key)
      peer.say(line)
    }
    return {
      ...{ key: `q${++count}`, method: method ?? '', given: paramsOf(message) },
      params: params ? changedMembers(raw, params, left) : null,
      isOpen: () => open.has(key),
      answer: (resultText) => over(lines.result(idText, resultText)),
      refuse: (why) => over(lines.error(idText, codes.internal, `Toolgate: ${why}`)),
    }
  }

  function ask(question: Question, key: string): void {
    const entry = { question, homeless: false, stop: () => {} }
    open.set(key, entry)
    const placed = place(question)
    if (placed === 'refused') question.refuse('the client cannot be asked this')
    if (placed !== 'nowhere') return
    entry.homeless = true
    entry.stop = clock.after(waitMs, () => question.refuse('no request of the client could carry this'))
  }

  return {
    /** Takes a request of the server. */
    take(message: Message): void {
      const { id, method } = message
      if (!id) return
      if (method === 'ping') peer.say(lines.result(id.text, '{}'))
      else if (!['sampling/createMessage', 'elicitation/create', 'roots/list'].includes(method ?? '')) {
        peer.say(lines.error(id.text, codes.methodNotFound, `Method not found: ${method}`))
      } else if (open.has(id.key) || open.size >= mostOpen) {
        peer.say(lines.error(id.text, codes.internal, 'Toolgate: too many requests of the server are open'))
      } else ask(questionOf(message, id.text, id.key), id.key)
    },

    /** A request of the client came that may carry what waits. */
    placeHomeless(): void {
      for (const entry of [...open.values()]) {
        if (!entry.homeless) continue
        const placed = place(entry.question)
        if (placed === 'refused') entry.question.refuse('the client cannot be asked this')
        if (placed !== 'carried') continue
        entry.homeless = false
        entry.stop()
      }
    },

    /** The server takes a request of its own back. */
    cancelled(message: Message): void {
      close(cancelledKey(message) ?? '')
    },

    close(): void {
      for (const { stop } of open.values()) stop()
      open.clear()
    },
  }
}

/** `inputRequests` as JSON text. */
export function inputRequestsText(questions: readonly Pick<Question, 'key' | 'method' | 'params'>[]): string {
  const parts = questions.map(({ key, method, params }) => {
    const given = params === null ? '' : `,"params":${params}`
    return `${JSON.stringify(key)}:{"method":${JSON.stringify(method)}${given}}`
  })
  return `{${parts.join(',')}}`
}

/** The JSON text of a result of the client, fit to be an answer; null when it is no object. */
export function resultText(raw: Buffer, span: { start: number; end: number } | null): string | null {
  return span && raw[span.start] === 0x7b ? textOf(raw, span) : null
}
