import { createFewEvents } from '../few-events.ts'
import type { Clock, Log } from '../ports.ts'

/** What is known of a call at a door that was refused. `input` is whatever came, not parsed. */
export type RefusedCall = {
  call: string
  door: { name: string; pid: number | null }
  input: unknown
  code: string
}

/** Characters of a name that are kept. */
const mostIdLength = 64

/** The calls that answer a request: of a call that waits, of an app that asks to be let in. */
const answers: readonly string[] = ['approvals.answer', 'consents.answer']

/**
 * Records every answer to a request that was refused, with its door and why, as `approval.refused`. Whoever
 * floods a door fills the record with 20 events a minute and one that counts the rest, `approval.refused_more`.
 */
export function createRefusedAnswers(deps: {
  clock: Clock
  record: (event: string, detail: Record<string, unknown>) => void
  log: Log
}) {
  const refused = createFewEvents('approval.refused', deps)
  return {
    /** Hears of every refused call; those that answer no request are none of its business. */
    note({ call, door, input, code }: RefusedCall): void {
      if (!answers.includes(call)) return
      refused.note({ door: door.name, pid: door.pid, requests: idIn(input), why: code })
    },

    /** Records what was only counted so far. */
    close: refused.close,
  }
}

/** The request that an answer names, as a list; it may be anything, and is cut short. */
function idIn(input: unknown): string[] {
  const named = typeof input === 'object' && input !== null && 'id' in input && typeof input.id === 'string'
  return named ? [String(input.id).slice(0, mostIdLength)] : []
}
