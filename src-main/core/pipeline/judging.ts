import type { Editing, Judged } from '../approvals/edit.ts'
import type { Broken } from '../constraints/check-call.ts'
import type { DecidedCall } from './call.ts'
import type { Refused } from './refused.ts'

/**
 * How a call is decided anew: `again` with everything as it is by then; `tried` as it would be with other arguments, which
 * changes, records and counts nothing, and asks nobody; `edit` gives it those arguments for good.
 */
export type Judging = {
  again: () => Promise<DecidedCall>
  tried: (argumentsText: string) => Promise<DecidedCall>
  edit: (argumentsText: string) => void
}

/** `broke`: what refuses a call that turned out to break a bound, on record like one that policy denies. */
export type Settling = Judging & { broke: (call: DecidedCall, broken: Broken) => Refused }

/** A person may change the arguments of a call of a reviewed tool, when it stands alone. */
export function editingOf({ request, tool, continues }: DecidedCall, { tried }: Judging): Editing | null {
  if (request.kind !== 'tool' || request.from !== 'client' || !tool || continues) return null
  const judge = async (text: string): Promise<Judged> => {
    const { effect, approval_level, reason } = (await tried(text)).decision
    return { effect: effect === 'ALLOW_WITH_CONSTRAINTS' ? 'ALLOW' : effect, level: approval_level ?? 5, reason }
  }
  return { schema: tool.definition.inputSchema, judge }
}
