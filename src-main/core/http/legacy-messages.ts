import { ToolgateError } from '../../../shared/errors.ts'
import { messageIn, parseMessage } from '../json/message.ts'

/** A message that nobody answers: a notification, or an answer itself. */
export function isTold(line: Buffer): boolean {
  const { kind, method } = messageIn(line, 'client') ?? {}
  return kind === 'response' || (kind === 'notification' && method?.startsWith('notifications/') === true)
}

/** Why a line of a batch is no request that can be taken. */
export function whyUnreadable(line: Buffer): unknown {
  try {
    parseMessage(line, 'client')
    return new ToolgateError('MALFORMED_MESSAGE', 'a request needs an `id`')
  } catch (error) {
    return error
  }
}

/** News that no request brought about. */
export function belongsToNone(method: string | null): boolean {
  return method?.endsWith('list_changed') === true || method === 'notifications/resources/updated'
}
