import type { CallDetail } from '../../../shared/activity.ts'
import { askedWords, isAskedByServer } from '../../../shared/asked-words.ts'
import { lookOfCall } from '../../say/call-outcome.ts'
import { durationWords } from '../../say/duration.ts'
import type { SentencePart } from '../../say/sentence-part.ts'
import type { Tone } from '../../ui/tone.tsx'

type Entry = CallDetail['records'][number]

/** A step of a call's story: what happened, when, how long after the step before; `said` are a person's own words. */
export type Step = {
  key: string
  tone: Tone
  words: readonly SentencePart[]
  at: string
  after: string | null
  said: string | null
}

type Told = Pick<Step, 'tone' | 'words'> & { said?: string | null }

const doors: Record<string, string> = {
  approval: 'at the approval window',
  terminal: 'at a terminal',
  app: 'in the app',
  notification: 'at a notification',
  client: 'in the client',
}

/** The story of a call, from its records, oldest first; what was asked is the first step. */
export function stepsOf({ records, row }: Pick<CallDetail, 'records' | 'row'>): Step[] {
  const [first] = records
  if (!first) return []
  const asked: Told = {
    tone: 'observed',
    words: askedBy(row),
  }
  const told = [
    { record: first, told: asked },
    ...records.map((record, at) => ({ record, told: tell(record, at, records) })),
  ]
  return told.map(({ record, told: { tone, words, said = null } }, at) => {
    const before = told[at - 1]?.record
    const passed = before ? Date.parse(record.timestamp) - Date.parse(before.timestamp) : 0
    const after = passed > 0 ? durationWords(passed) : null
    return { key: `${at}`, tone, words, at: record.timestamp, after, said }
  })
}

function askedBy({ client, server, kind, tool }: CallDetail['row']): SentencePart[] {
  const { words, name } = askedWords(kind, tool)
  if (isAskedByServer(kind)) {
    const named = name === null ? [] : [{ text: ' ' }, { text: name, strong: true }]
    return [
      { text: server, strong: true },
      { text: ' asked ' },
      { text: client.name, strong: true },
      { text: ` for ${words}` },
      ...named,
    ]
  }
  const what = name === null ? words : `${words === '' ? '' : `${words} `}${name}`
  return [{ text: client.name, strong: true }, { text: ' asked for ' }, { text: `${server} › ${what}`, strong: true }]
}

function tell(record: Entry, at: number, records: readonly Entry[]): Told {
  switch (record.state) {
    case 'decided':
      return decided(record, records.slice(0, at))
    case 'held':
      return { tone: 'held', words: [{ text: `Held for a person${level(record)}` }] }
    case 'answered':
      return answered(record)
    case 'forwarding':
      return forwarding(record)
    case 'closed':
      return closed(record)
  }
}

const effects: Record<string, Told> = {
  ALLOW: { tone: 'allowed', words: [{ text: 'allowed' }] },
  ALLOW_WITH_CONSTRAINTS: { tone: 'constrained', words: [{ text: 'allowed within bounds' }] },
  REQUIRE_APPROVAL: { tone: 'asked', words: [{ text: 'a person is asked' }] },
  DENY: { tone: 'denied', words: [{ text: 'denied' }] },
}

function decided({ policy_decision, observed, overridden, rule_ids = [] }: Entry, before: readonly Entry[]): Told {
  const again = before.some(({ state }) => state === 'decided')
  if (policy_decision === 'REQUIRE_APPROVAL' && before.at(-1)?.answer === 'approved') {
    return { tone: 'allowed', words: [{ text: 'Decided again: nothing changed, the approval holds' }] }
  }
  if (observed !== undefined) {
    const would = effects[observed]?.words ?? [{ text: observed }]
    const by = overridden ? 'an override' : 'observe mode'
    return { tone: 'observed', words: [{ text: `Let through by ${by}; otherwise: ` }, ...would] }
  }
  const { tone, words } = effects[policy_decision ?? ''] ?? {
    tone: 'denied' as const,
    words: [{ text: String(policy_decision) }],
  }
  const [rule, ...others] = rule_ids
  const by: SentencePart[] =
    rule === undefined
      ? []
      : [
          { text: ', by rule ' },
          { text: rule, strong: true },
          { text: others.length > 0 ? ` and ${others.length} more` : '' },
        ]
  return { tone, words: [{ text: again ? 'Decided again: ' : 'Decided: ' }, ...words, ...by] }
}

function level({ approval_level }: Entry): string {
  return approval_level === undefined ? '' : `, level ${approval_level} of 5`
}

function answered(record: Entry): Told {
  const door =
    record.answered_door === undefined ? '' : ` ${doors[record.answered_door] ?? `at ${record.answered_door}`}`
  const by: SentencePart[] = record.answered_by ? [{ text: ' by ' }, { text: record.answered_by, strong: true }] : []
  const said = record.answer_reason ? record.answer_reason : null
  switch (record.answer) {
    case 'approved':
      return { tone: 'allowed', words: [{ text: 'Approved' }, ...by, { text: door }], said }
    case 'denied':
      return { tone: 'denied', words: [{ text: 'Denied' }, ...by, { text: door }], said }
    case 'expired':
      return { tone: 'denied', words: [{ text: 'Nobody answered in time' }] }
    case 'cancelled':
      return { tone: 'resting', words: [{ text: 'The caller no longer waits' }] }
    case 'timed_out':
      return { tone: 'asked', words: [{ text: 'The caller was told to try again, before its own time was up' }] }
    case 'asked_in_client':
      return { tone: 'asked', words: [{ text: 'The client was told to ask its person, and to come back' }] }
    default:
      return { tone: 'resting', words: [{ text: 'Something changed meanwhile, so it is decided again' }] }
  }
}

function forwarding({ attempt = 1, tool_server, agent_name, call_kind = 'tool', grant_id }: Entry): Told {
  const again = attempt > 1 ? `, attempt ${attempt}` : ''
  const grant = grant_id === undefined ? '' : ', with the approval given before'
  return {
    tone: 'observed',
    words: [
      { text: 'Sent to ' },
      { text: isAskedByServer(call_kind) ? agent_name : tool_server, strong: true },
      { text: `${again}${grant}` },
    ],
  }
}

/** `{It}` answers: the tool, the server, or the client; `{it}` would have been asked. */
const ends: Record<string, string> = {
  executed: '{It} answered',
  executed_with_constraints: '{It} answered, within its bounds',
  tool_error: '{It} answered with an error',
  blocked: 'Refused; {it} never saw it',
  pending: 'Ended for now; the same call may come again',
  denied: 'Refused; {it} never saw it',
  expired: 'Refused; {it} never saw it',
  cancelled: 'Cancelled',
  failed: 'Failed',
  withheld: 'Its result was kept back',
  interrupted: 'Closed at the next start: Toolgate ended while it was open',
}

function closed(record: Entry): Told {
  const { outcome = null, dlp_result, call_kind = 'tool' } = record
  const asked = isAskedByServer(call_kind) ? 'client' : 'server'
  const { tone } = lookOfCall({ outcome, state: 'closed', decision: null })
  const masked = dlp_result === 'masked' ? ', with what was found in it masked' : ''
  const end = (ends[outcome ?? ''] ?? 'Closed')
    .replace('{It}', `The ${call_kind === 'tool' ? 'tool' : asked}`)
    .replace('{it}', `the ${asked}`)
  return { tone, words: [{ text: `${end}${masked}` }] }
}
