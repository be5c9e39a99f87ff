import { reasons } from '../../../shared/errors.ts'
import { tooLong, type Withheld } from '../constraints/bound-result.ts'
import { settersOf } from '../constraints/set-by.ts'
import { parseMessage } from '../json/message.ts'
import { splice } from '../json/spans.ts'
import type { Deps, ForwardedCall, ScreenedCall } from './call.ts'
import { alert, refusedBy } from './constrain.ts'
import { Refused } from './refused.ts'

/**
 * Stage 10: scans all that the server answered, but for the id, and masks what must not reach the client; then holds it to its bounds.
 * An answer that cannot be scanned is not delivered. It keeps its own bytes but for what is masked or cut, and for its id when the
 * call was sent under another.
 */
export async function screen(call: ForwardedCall, deps: Pick<Deps, 'alert' | 'answers'>): Promise<ScreenedCall> {
  const { answer, request } = call
  const { id } = request.message
  const bounds = { constraints: call.decision.constraints, rules: call.bounding, sqlRows: call.checked.sqlRows }
  const long = tooLong(answer, bounds)
  if (long) throw withhold(call, long, deps)
  try {
    if (!answer.id || !id) throw new Error('the answer has no id')
    const { line, findings, results, withheld } = await deps.answers.read(answer, bounds)
    if (withheld) throw withhold(call, withheld, deps)
    for (const result of results) call.trail.bounded(result)
    const cut = results.find(({ result }) => result === 'truncated')
    if (cut)
      alert(call, { alert: 'large_result_set', rules: settersOf(call.bounding, 'max_rows'), detail: cut.detail }, deps)
    // A client may write the id in another way than the server that asked, and that is its own affair.
    const same = answer.id.text === id.text || (request.from === 'server' && answer.id.key === id.key)
    return { ...call, line: same ? line : withId(line, id.text), resultFindings: findings }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('RESULT_WITHHELD', 'withheld')
  }
}

/** Why an answer is kept back; people are told when a rule wants that. */
function withhold(call: ForwardedCall, { code, bound, rules, detail }: Withheld, deps: Pick<Deps, 'alert'>): Refused {
  call.trail.bounded(refusedBy({ bound, rules, detail }))
  alert(call, { alert: 'large_result_set', rules, detail }, deps)
  return new Refused(code, 'withheld', [`${reasons[code][0]}: ${detail}`])
}

function withId(line: Buffer, text: string): Buffer {
  const { id } = parseMessage(line)
  if (!id) throw new Error('the answer has no id')
  return splice(line, [{ span: id.span, text }])
}
