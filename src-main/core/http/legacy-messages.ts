import { ToolgateError } from '../../../shared/errors.ts'
import { type Message, parseMessage } from '../json/message.ts'

/** The key of the token under which a request wants to hear of its progress; null when it named none. */
export function progressOf({ json }: Message): string | null {
  const { _meta } = (json.params ?? {}) as { _meta?: { progressToken?: unknown } | null }
  return keyOf(_meta?.progressToken)
}

/** A message that nobody answers: a notification, or an answer itself. */
export function isTold(line: Buffer): boolean {
  try {
    const { kind, method } = parseMessage(line)
    return kind === 'response' || (kind === 'notification' && method?.startsWith('notifications/') === true)
  } catch {
    return false
  }
}

/** Why a line of a batch is no request that can be taken. */
export function whyUnreadable(line: Buffer): unknown {
  try {
    parseMessage(line)
    return new ToolgateError('MALFORMED_MESSAGE', 'a request needs an `id`')
  } catch (error) {
    return error
  }
}

/** The key of an id or token that arrived as JSON, as `Message` makes it; null when it can be neither. */
export function keyOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? `${typeof value}:${value}` : null
}

/** News that no request brought about. */
export function belongsToNone(method: string | null): boolean {
  return method?.endsWith('list_changed') === true || method === 'notifications/resources/updated'
}
