import { isObject } from '../../../shared/is-object.ts'
import { type Message, paramOf, parseMessage } from '../json/message.ts'
import { elements, member, type Span, splice, textOf, wholeValue } from '../json/spans.ts'

/** The value at a path of members of `params`; null when there is none. */
function paramAt(message: Message, [first = '', ...rest]: readonly string[]): Span | null {
  return rest.reduce((span, key) => span && member(message.raw, span, key), paramOf(message, first))
}

/** The string at a path of members of `params`; null when there is none. */
export function paramText(message: Message, path: readonly string[]): string | null {
  const span = paramAt(message, path)
  const value: unknown = span && JSON.parse(textOf(message.raw, span))
  return typeof value === 'string' ? value : null
}

/** A message with another string at a path of members of `params`, the rest byte for byte. */
export function withParam(message: Message, path: readonly string[], text: string): Buffer {
  const span = paramAt(message, path)
  return span ? splice(message.raw, [{ span, text: JSON.stringify(text) }]) : message.raw
}

/** The elements of a list in a result, each in its own bytes. */
export function listIn({ spans, raw }: Message, key: string): Buffer[] {
  const result = spans.get('result')
  const list = result && member(raw, result, key)
  return list ? elements(raw, list).map(({ start, end }) => raw.subarray(start, end)) : []
}

/** The parsed value of an element; null when it is no object. */
export function objectIn(element: Buffer): Record<string, unknown> | null {
  const value: unknown = JSON.parse(element.toString('utf8'))
  return isObject(value) ? value : null
}

/** An element with other strings in some of its members, which may lie in other members (`_meta.ui`); those that are not there stay so. */
export function withMembers(element: Buffer, changes: readonly (readonly [path: readonly string[], text: string])[]) {
  const whole = wholeValue(element)
  const edits = changes.flatMap(([path, text]) => {
    const span = path.reduce<Span | null>((at, key) => at && member(element, at, key), whole)
    return span ? [{ span, text: JSON.stringify(text) }] : []
  })
  return edits.length === 0 ? element : splice(element, edits)
}

/** Where the content of a result lies: of a call, of a prompt's messages, or of a resource that was read. */
const contents: readonly (readonly string[])[] = [['content'], ['contents'], ['messages']]

/**
 * A result in which `change` had its say about each address: of linked and embedded resources, and of what was read. The rest
 * byte for byte.
 */
export function withUris(message: Message, change: (uri: string) => string): Message {
  const { raw, spans } = message
  const result = spans.get('result')
  if (!result || !raw.includes('"uri"')) return message
  const edits = contents
    .flatMap(([key = '']) => {
      const list = member(raw, result, key)
      return list ? elements(raw, list) : []
    })
    .flatMap((span) => {
      const inner = member(raw, span, 'content') ?? span
      return [member(raw, inner, 'uri'), uriOfEmbedded(raw, inner)]
    })
    .flatMap((span) => {
      const uri: unknown = span && JSON.parse(textOf(raw, span))
      const changed = typeof uri === 'string' ? change(uri) : uri
      return span && changed !== uri ? [{ span, text: JSON.stringify(changed) }] : []
    })
  return edits.length === 0 ? message : parseMessage(splice(raw, edits))
}

function uriOfEmbedded(raw: Buffer, span: Span): Span | null {
  const resource = member(raw, span, 'resource')
  return resource && member(raw, resource, 'uri')
}
