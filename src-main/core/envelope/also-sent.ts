import type { Kind } from '../../../shared/traffic.ts'
import { type Message, metaOf, metaSpan, paramsOf } from '../json/message.ts'
import { type Member, members, type Span, textOf, wholeValue } from '../json/spans.ts'
import { namesRequest } from './binding.ts'

/**
 * What `params` of a call (raw bytes) carry beside name and arguments, as the text of one JSON object: whatever an approval is
 * bound to is here or among the arguments, so that a person can see it. Empty when there is nothing. What `shown` names is
 * among the arguments already.
 */
export function alsoSent(params: Buffer, shown: (key: string) => boolean = shownOfTool): string {
  const parts: string[] = []
  for (const { key, value } of members(params, wholeValue(params))) {
    if (shown(key)) continue
    const text = key === '_meta' ? metaText(params, value) : textOf(params, value)
    if (text !== '') parts.push(`${JSON.stringify(key)}:${text}`)
  }
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

function shownOfTool(key: string): boolean {
  return key === 'name' || key === 'arguments'
}

/** `params` without `_meta`, as text: what is shown as the arguments of a request that calls no tool. */
export function withoutMeta(params: Buffer): string {
  const kept = members(params, wholeValue(params)).filter(({ key }) => key !== '_meta')
  return `{${kept.map(({ key, value }) => `${JSON.stringify(key)}:${textOf(params, value)}`).join(',')}}`
}

/** The members of `_meta` that are about the action; the others name the request. Metadata that is no object is shown whole. */
function metaText(params: Buffer, span: Span): string {
  const meta = textOf(params, span)
  if (!meta.startsWith('{')) return meta
  const kept = members(params, span).filter((each) => !namesRequest(each))
  if (kept.length === 0) return ''
  return `{${kept.map(({ key, value }) => `${JSON.stringify(key)}:${textOf(params, value)}`).join(',')}}`
}

/**
 * What a request sends beside what counts as its arguments, whole, for whoever looks for secrets in it; as the text of one JSON
 * object, empty when there is nothing. Only what would be taken for one is not there: numbers of traces, and the name of the
 * token of progress, beside which every id looks like a secret.
 */
export function sentBeside({ raw, params }: Pick<Message, 'raw' | 'params'>, kind: Kind): string {
  const beside = params.filter(({ key }) => (kind === 'tool' ? !shownOfTool(key) : key === '_meta'))
  const parts = beside.map(({ key, value }) => {
    const isObject = key === '_meta' && raw[value.start] === 0x7b
    return `${JSON.stringify(key)}:${isObject ? searchable(raw, members(raw, value)) : textOf(raw, value)}`
  })
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

/** The ids of W3C Trace Context: random digits, among which there are some that pass for those of a card. */
const trace = /^"[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}"$/

function searchable(raw: Buffer, meta: readonly Member[]): string {
  const parts = meta.flatMap(({ key, value }) => {
    const text = textOf(raw, value)
    if (key === 'traceparent' && trace.test(text)) return []
    if (key !== 'progressToken') return [`${JSON.stringify(key)}:${text}`]
    return text.startsWith('"') ? [`"":${text}`] : []
  })
  return `{${parts.join(',')}}`
}

/**
 * The parsed `params` of a request without what of `_meta` names it or its sender, as nobody is asked about that either: the page of the
 * client's maker is no place that a call goes to.
 */
export function aboutAction(message: Message): Record<string, unknown> {
  const params = paramsOf(message)
  const span = metaSpan(message)
  if (!span || message.raw[span.start] !== 0x7b) return params
  const names = new Set(
    members(message.raw, span)
      .filter(namesRequest)
      .map(({ key }) => key),
  )
  const kept = Object.entries(metaOf(message)).filter(([key]) => !names.has(key))
  return { ...params, _meta: Object.fromEntries(kept) }
}
