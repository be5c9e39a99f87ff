import { type Message, metaOf, metaSpan, paramOf, paramsOf, parseMessage } from '../json/message.ts'
import { type Edit, member, type Span, splice, textOf } from '../json/spans.ts'

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId'

/** What a client called its request, as text of JSON: the id, and the token under which it hears of progress. */
export type Names = { id: string; token: string | null }

/**
 * A request under a name of ours, since connections of one client that share a server may use the same. Only the id and the
 * token for progress change; the rest stays byte for byte. Gives what they were.
 */
export function rename(message: Message, own: string): { message: Message; names: Names } {
  const { raw, id } = message
  if (!id) throw new Error('a request has an id')
  const meta = metaSpan(message)
  const token = meta && member(raw, meta, 'progressToken')
  const edits: Edit[] = [{ span: id.span, text: own }]
  if (token) edits.push({ span: token, text: own })
  return {
    message: parseMessage(splice(raw, edits)),
    names: { id: id.text, token: token ? textOf(raw, token) : null },
  }
}

/** Which of our names a message of the server is about: the request that it answers, or that a notification names. Null for none. */
export function subjectOf(message: Message): unknown {
  const { kind, id, json, method } = message
  if (kind === 'response') return id ? json.id : null
  if (method === 'notifications/progress') return paramsOf(message).progressToken
  if (method === 'notifications/cancelled') return paramsOf(message).requestId
  return metaOf(message)[subscriptionKey] ?? null
}

/** A message of the server about the request that we call `own`, with what the client calls it, the rest byte for byte. */
export function restore(message: Message, own: string, { id, token }: Names): Buffer {
  const { raw, spans } = message
  const edits: Edit[] = []
  const put = (span: Span | null | undefined, text: string | null) => {
    // Our names are numbers, and a server may write one in another way, such as `1.0`.
    if (span && text !== null && String(JSON.parse(textOf(raw, span))) === own) edits.push({ span, text })
  }
  put(message.id?.span, id)
  const result = spans.get('result')
  for (const meta of [metaSpan(message), result && member(raw, result, '_meta')]) {
    put(meta && member(raw, meta, subscriptionKey), id)
  }
  if (message.method === 'notifications/progress') put(paramOf(message, 'progressToken'), token)
  if (message.method === 'notifications/cancelled') put(paramOf(message, 'requestId'), id)
  return splice(raw, edits)
}
