import { parseMessage } from '../json/message.ts'
import { splice, wholeValue } from '../json/spans.ts'
import { screenJson } from '../safety/screen.ts'
import type { ForwardedCall, ScreenedCall } from './call.ts'
import { Refused } from './refused.ts'

/**
 * Stage 10: scans all that the server answered, but for the id, and masks what must not reach the client. An answer that
 * cannot be scanned is not delivered. It keeps its own bytes but for what is masked, and for its id when the call was sent
 * under another.
 */
export function screen(call: ForwardedCall): ScreenedCall {
  const { answer, request } = call
  const { id } = request.message
  try {
    if (!answer.id || !id) throw new Error('the answer has no id')
    const { line, findings } = screenJson(answer.raw, wholeValue(answer.raw), [answer.id.span])
    // Two keys can become one when they are masked; whoever carries the line reads it again.
    if (findings.length > 0) parseMessage(line)
    // A client may write the id in another way than the server that asked, and that is its own affair.
    const same = answer.id.text === id.text || (request.from === 'server' && answer.id.key === id.key)
    return { ...call, line: same ? line : withId(line, id.text), resultFindings: findings }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('RESULT_WITHHELD', 'withheld')
  }
}

function withId(line: Buffer, text: string): Buffer {
  const { id } = parseMessage(line)
  if (!id) throw new Error('the answer has no id')
  return splice(line, [{ span: id.span, text }])
}
