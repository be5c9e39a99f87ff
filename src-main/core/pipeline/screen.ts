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
    return { ...call, line: answer.id.text === id.text ? line : withId(line, id.text), resultFindings: findings }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('RESULT_WITHHELD', 'withheld')
  }
}

function withId(line: Buffer, text: string): Buffer {
  const { id } = parseMessage(line)
  if (!id) throw new Error('the answer has no id')
  return splice(line, [{ span: id.span, text }])
}
