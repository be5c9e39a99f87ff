import { members, type Span, textOf, wholeValue } from '../json/spans.ts'
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
