import type { Message } from '../json/message.ts'

/**
 * What a client can do that many clients can: servers offer some of their tools to such clients only, and those want a review
 * too. For the older generation in `initialize`, for the newer with every request.
 */
export const reviewCapabilities = { roots: {}, sampling: {}, elicitation: {} }

/** A server that is only looked at has no more to ask than this. */
const mostAnswers = 100

const results: ReadonlyMap<string | null, object> = new Map<string, object>([
  ['ping', {}],
  ['roots/list', { roots: [] }],
  ['elicitation/create', { action: 'cancel' }],
])

/** As a client says it when its person would not have it (MCP, sampling). */
const rejected = { code: -1, message: 'Toolgate is only looking at the tools' }
const unknown = { code: -32601, message: 'Method not found' }

/**
 * Answers what a server asks while it is looked at, so that it does not wait: no folders, no words, nobody there. Gives the
 * line to send, or null for what is no request, and once it has asked too often.
 */
export function createReviewAnswers(): (message: Message) => Buffer | null {
  let left = mostAnswers
  return ({ kind, id, method }) => {
    if (kind !== 'request' || !id || left-- <= 0) return null
    const result = results.get(method)
    const error = method === 'sampling/createMessage' ? rejected : unknown
    const answer = result ? `"result":${JSON.stringify(result)}` : `"error":${JSON.stringify(error)}`
    return Buffer.from(`{"jsonrpc":"2.0","id":${id.text},${answer}}`)
  }
}
