import { splice } from '../json/spans.ts'
import { screenJson } from '../safety/screen.ts'
import type { ForwardedCall, ScreenedCall } from './call.ts'
import { Refused } from './refused.ts'

/**
 * Stage 10: scans what the tool returned and masks what must not reach the client. A result that cannot be scanned is not
 * delivered. The answer keeps its own bytes but for what is masked, and for its id when the call was sent under another.
 */
export function screen(call: ForwardedCall): ScreenedCall {
  const { answer, request } = call
  try {
    const body = answer.spans.get('result') ?? answer.spans.get('error')
    if (!body || !answer.id || !request.message.id) throw new Error('the answer has neither result nor id')
    const { line, findings } = screenJson(answer.raw, body)
    const own = answer.id.text === request.message.id.text
    // The id lies outside of the body, so only a masked body before it would move it.
    const restored = own
      ? line
      : splice(line, [
          { span: moved(answer.id.span, body.start, line.length - answer.raw.length), text: request.message.id.text },
        ])
    return { ...call, line: restored, resultFindings: findings }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('RESULT_WITHHELD', 'withheld')
  }
}

function moved(span: { start: number; end: number }, bodyStart: number, by: number) {
  return span.start > bodyStart ? { start: span.start + by, end: span.end + by } : span
}
