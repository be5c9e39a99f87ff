import type { CallRow } from '../../shared/activity.ts'
import type { Action } from '../../shared/envelope.ts'
import { type ReasonCode, reasons } from '../../shared/errors.ts'
import type { Kind } from '../../shared/traffic.ts'
import { durationWords } from './duration.ts'
import type { SentencePart } from './sentence-part.ts'

/** What went well, of what is no call of a tool. */
const ends: Record<Exclude<Kind, 'tool'>, string> = {
  resource: 'Resource read',
  prompt: 'Prompt given',
  completion: 'Proposed',
  task: 'Answered',
  sampling: 'The model answered',
  elicitation: 'Answered at the client',
  roots: 'Named',
}

const deeds: Record<Action, string> = { read: 'Read', write: 'Changed something', destructive: 'May have deleted' }

/**
 * What happened to a call, in a few words of our own, from the facts of its row alone: server and tool stand beside it. `strong`
 * parts are names that came from rule files.
 */
export function callSentence(row: CallRow): SentencePart[] {
  const { outcome, state, wait_ms: wait } = row
  const waited = wait === null || wait === 0 ? '' : ` after ${durationWords(wait)}`
  switch (outcome) {
    case null:
      return underWay(row)
    case 'executed':
    case 'executed_with_constraints':
      return executed(row)
    case 'tool_error':
      return [
        { text: row.kind === 'tool' ? 'Ran, and the tool reported an error' : 'Answered with an error' },
        ...letBy(row, ', '),
      ]
    case 'withheld':
      return [{ text: row.kind === 'tool' ? 'Ran, but its result was kept back' : 'Answered, but that was kept back' }]
    case 'blocked':
      return blocked(row)
    case 'pending':
      return [{ text: 'Told to try again: you had not answered yet' }]
    case 'denied':
      return [{ text: `Denied by a person${waited}` }]
    case 'expired':
      return [{ text: wait ? `Nobody answered within ${durationWords(wait)}` : 'Nobody answered in time' }]
    case 'unreachable':
      return [{ text: 'Refused: nothing was open that could have asked you' }]
    case 'cancelled':
      return [{ text: `Cancelled by the caller${waited}` }]
    case 'interrupted':
      return [{ text: state === 'closed' ? 'Cut off: Toolgate ended while it was open' : 'Cut off' }]
    case 'failed':
      return [{ text: `Failed: ${shortReason(row) ?? 'see its record'}` }]
  }
}

function underWay(row: CallRow): SentencePart[] {
  if (row.state === 'held') return [{ text: 'Waits for you' }, ...because(row)]
  if (row.state === 'answered') return [{ text: 'Was answered, and is decided again' }]
  if (row.decision === 'DENY') return blocked(row)
  return [{ text: 'Is running' }, ...letBy(row, ', ')]
}

function executed(row: CallRow): SentencePart[] {
  const deed = row.kind !== 'tool' ? ends[row.kind] : row.action === null ? 'Ran' : deeds[row.action]
  if (row.wait_ms) {
    const ran = row.latency_ms === null ? '' : `, then ran ${durationWords(Math.max(0, row.latency_ms - row.wait_ms))}`
    return [{ text: `${deed} · waited ${durationWords(row.wait_ms)} for you${ran}` }]
  }
  if (row.decision === 'REQUIRE_APPROVAL') return [{ text: `${deed} · with the approval given before` }]
  return [{ text: deed }, ...letBy(row, ' · ')]
}

/** Why it was let through. */
function letBy({ rules, decision }: CallRow, joint: string): SentencePart[] {
  if (decision === 'REQUIRE_APPROVAL' || decision === null) return []
  const how = decision === 'ALLOW_WITH_CONSTRAINTS' ? 'allowed within bounds' : 'allowed'
  return rules.length === 0
    ? [{ text: `${joint}${how} by its risk` }]
    : [{ text: `${joint}${how} by ` }, ...named(rules)]
}

function blocked(row: CallRow): SentencePart[] {
  if (row.rules.length > 0) return [{ text: 'Denied by ' }, ...named(row.rules)]
  return [{ text: `Denied: ${shortReason(row) ?? 'see its record'}` }]
}

function because({ rules }: CallRow): SentencePart[] {
  return rules.length === 0 ? [] : [{ text: ', asked by ' }, ...named(rules)]
}

function named([first = '', ...others]: readonly string[]): SentencePart[] {
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return [{ text: 'rule ' }, { text: first, strong: true }, { text: more }]
}

function shortReason({ reason_code, reason }: CallRow): string | null {
  return reasonWords(reason_code)?.message ?? reason
}

/** What a reason code says, and what can be done; null for a code that is unknown here. */
export function reasonWords(code: string | null): { message: string; hint: string } | null {
  if (code === null || !Object.hasOwn(reasons, code)) return null
  const [message, hint] = reasons[code as ReasonCode]
  return { message, hint }
}
