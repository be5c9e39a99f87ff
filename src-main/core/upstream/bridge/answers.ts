import { filterTools } from '../../gateway/to-client.ts'
import { changedMembers } from '../../json/changed-members.ts'
import { parseExact } from '../../json/exact.ts'
import { type Message, objectOf, parseMessage } from '../../json/message.ts'
import { member, textOf } from '../../json/spans.ts'
import type { ToolDefinition } from '../../registry/definition.ts'
import { cacheable, codes } from './vocabulary.ts'

/** Codes that only 2026-07-28 gives a meaning: about headers, capabilities and versions between us and the server. */
const onlyModern = new Set([-32020, -32021, -32022])

function errorWith(answer: Message, code: number): string {
  return changedMembers(answer.raw, answer.spans.get('error'), { code: String(code) })
}

function errorOf(answer: Message): { code: unknown; data: Record<string, unknown> } {
  const { code, data } = objectOf(answer.json.error)
  return { code, data: objectOf(data) }
}

/** The error of a server of the stateless generation, as text, with a code that the generation with sessions knows. */
export function legacyError(request: Message, answer: Message): string {
  const { code, data } = errorOf(answer)
  const missing = request.method === 'resources/read' && code === codes.invalidParams && typeof data.uri === 'string'
  if (missing) return errorWith(answer, codes.resourceNotFound)
  // What they say describes our way to the server, not the client's way to us.
  if (typeof code === 'number' && onlyModern.has(code)) {
    return changedMembers(answer.raw, answer.spans.get('error'), { code: String(codes.internal), data: null })
  }
  return changedMembers(answer.raw, answer.spans.get('error'), {})
}

/** The error of a server of the generation with sessions, as text, with a code that the stateless one knows. */
export function modernError(answer: Message): string {
  const gone = errorOf(answer).code === codes.resourceNotFound
  return gone ? errorWith(answer, codes.invalidParams) : changedMembers(answer.raw, answer.spans.get('error'), {})
}

/**
 * The result of a server of the stateless generation, as text, for a client of the one with sessions. What that one cannot read is left out:
 * how long it may be kept, structured content that is no object, and tools that promise such. Throws MALFORMED_MESSAGE for a list of tools
 * that could be read in two ways.
 */
export function legacyResult(request: Message, answer: Message): string {
  const method = request.method ?? ''
  const readable = method === 'tools/list' ? parseMessage(filterTools(answer, (tool) => promisesObject(tool))) : answer
  const result = readable.spans.get('result')
  const structured = method === 'tools/call' && result ? member(readable.raw, result, 'structuredContent') : null
  return changedMembers(readable.raw, result, {
    resultType: null,
    ...(cacheable.has(method) ? { ttlMs: null, cacheScope: null } : {}),
    ...(structured && readable.raw[structured.start] !== 0x7b ? { structuredContent: null } : {}),
  })
}

function promisesObject({ outputSchema }: ToolDefinition): boolean {
  return outputSchema === undefined || objectOf(outputSchema).type === 'object'
}

/**
 * The result of a server of the generation with sessions, as text, for a client of the stateless one. What can be kept may be kept for no
 * time and by this client only: such a server never said more.
 */
export function modernResult(request: Message, answer: Message): string {
  return changedMembers(answer.raw, answer.spans.get('result'), {
    resultType: '"complete"',
    ...(cacheable.has(request.method ?? '') ? { ttlMs: '0', cacheScope: '"private"' } : {}),
  })
}

/** The pages that have to be opened before a call is made again, as text of elicitation parameters each; none for any other error. */
export function pagesWanted(answer: Message): string[] {
  const { code, data } = errorOf(answer)
  const error = answer.spans.get('error')
  if (code !== codes.urlElicitationRequired || !error || !Array.isArray(data.elicitations)) return []
  const { elicitations } = objectOf(objectOf(parseExact(textOf(answer.raw, error))).data)
  return (elicitations as unknown[])
    .map(objectOf)
    .filter(({ url, message }) => typeof url === 'string' && typeof message === 'string')
    .map(({ url, message }) => JSON.stringify({ mode: 'url', url, message }))
}
