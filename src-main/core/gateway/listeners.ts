import { keyOf, type Message, metaOf, objectOf, paramOf, paramsOf } from '../json/message.ts'
import { type Edit, member, members, splice, textOf } from '../json/spans.ts'
import type { Announced } from './views.ts'

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId'

/** What 2026-07-28 calls each announcement in `subscriptions/listen`. */
const wishes = { tools: 'toolsListChanged', resources: 'resourcesListChanged', prompts: 'promptsListChanged' } as const
const kinds = Object.keys(wishes) as Announced[]

/** Lines that tell a client that a list of its server looks different now. */
export type Listeners = ReturnType<typeof createListeners>

/** Who in one session wants to hear of changed lists: the whole session, or, since 2026-07-28, each open `subscriptions/listen`. */
export function createListeners() {
  const open = new Map<string, { idText: string; wants: Set<Announced> }>()

  return {
    /** A `subscriptions/listen` of the client goes to its server. */
    add(message: Message): void {
      const { id } = message
      const notifications = objectOf(paramsOf(message).notifications)
      const wants = new Set(kinds.filter((kind) => notifications[wishes[kind]] === true))
      if (id) open.set(id.key, { idText: id.text, wants })
    },

    remove: (key: string) => void open.delete(key),

    /** The server that they went to is gone. */
    clear: () => open.clear(),

    /** The server's acknowledgement, saying too what we will tell although the server does not. */
    acknowledged(message: Message): Buffer {
      const { raw } = message
      const wants = open.get(keyOf(metaOf(message)[subscriptionKey]) ?? '')?.wants ?? new Set()
      const honoured = paramOf(message, 'notifications')
      if (!honoured || wants.size === 0) return raw
      return withTrue(
        raw,
        honoured,
        [...wants].map((kind) => wishes[kind]),
      )
    },

    /** What to tell the client of a changed list. */
    lines(kind: Announced, generation: 'legacy' | 'modern'): Buffer[] {
      const method = `notifications/${kind}/list_changed`
      if (generation === 'legacy') return [Buffer.from(`{"jsonrpc":"2.0","method":"${method}"}`)]
      return [...open.values()]
        .filter(({ wants }) => wants.has(kind))
        .map(({ idText }) =>
          Buffer.from(`{"jsonrpc":"2.0","method":"${method}","params":{"_meta":{"${subscriptionKey}":${idText}}}}`),
        )
    },
  }
}

/**
 * The answer to `initialize` or `server/discover`, saying that changed lists are announced: we do, when policy or a review changes
 * what a client sees. Only of what the server offers; the rest stays byte for byte.
 */
export function announcing(answer: Message): Buffer {
  const result = answer.spans.get('result')
  const capabilities = result && member(answer.raw, result, 'capabilities')
  if (!capabilities) return answer.raw
  const offered = kinds.flatMap((kind) => member(answer.raw, capabilities, kind) ?? [])
  return splice(
    answer.raw,
    offered.flatMap((span) => editsFor(answer.raw, span, ['listChanged'])),
  )
}

function withTrue(raw: Buffer, span: { start: number; end: number }, keys: readonly string[]): Buffer {
  return splice(raw, editsFor(raw, span, keys))
}

/** What makes the object at `span` say `true` under each of `keys`; nothing for what is no object. */
function editsFor(raw: Buffer, span: { start: number; end: number }, keys: readonly string[]): Edit[] {
  if (raw[span.start] !== 0x7b) return []
  const found = members(raw, span)
  const missing = keys.filter((key) => !found.some((one) => one.key === key))
  const wrong = found.filter(({ key, value }) => keys.includes(key) && textOf(raw, value) !== 'true')
  const inserted = missing.map((key) => `"${key}":true`).join(',')
  const at = { start: span.start + 1, end: span.start + 1 }
  const insert: Edit[] = inserted === '' ? [] : [{ span: at, text: found.length > 0 ? `${inserted},` : inserted }]
  return [...insert, ...wrong.map(({ value }) => ({ span: value, text: 'true' }))]
}
