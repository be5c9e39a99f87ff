import type { Clock, Log } from '../ports.ts'

/** What is known of a call at a door that was refused. `input` is whatever came, not parsed. */
export type RefusedCall = {
  call: string
  door: { name: string; pid: number | null }
  input: unknown
  code: string
}

/** Refusals that are recorded one by one in each stretch of time; of those beyond, their number is. */
const mostEach = 20
const stretchMs = 60_000
/** Requests of one answer that are named, and the characters of each name. */
const mostNamed = 20
const mostIdLength = 64

/** The calls that answer a request: of a call that waits, of several, of an app that asks to be let in. */
const answers: readonly string[] = ['approvals.answer', 'approvals.answer_many', 'consents.answer']

/**
 * Records every answer to a request that was refused, with its door and why, as `approval.refused`. Whoever
 * floods a door fills the record with 20 events a minute and one that counts the rest, `approval.refused_more`.
 */
export function createRefusedAnswers(deps: {
  clock: Clock
  record: (event: string, detail: Record<string, unknown>) => void
  log: Log
}) {
  let [recorded, more] = [0, 0]
  let stop: (() => void) | null = null

  const write = (event: string, detail: Record<string, unknown>) => {
    try {
      deps.record(event, detail)
    } catch (error) {
      // The answer is refused all the same.
      deps.log.error('a refused answer could not be recorded', { event, error: String(error) })
    }
  }
  const endStretch = () => {
    stop?.()
    stop = null
    if (more > 0) write('approval.refused_more', { count: more, within_sec: stretchMs / 1000 })
    recorded = 0
    more = 0
  }

  return {
    /** Hears of every refused call; those that answer no request are none of its business. */
    note({ call, door, input, code }: RefusedCall): void {
      if (!answers.includes(call)) return
      stop ??= deps.clock.after(stretchMs, endStretch)
      if (recorded >= mostEach) {
        more++
        return
      }
      recorded++
      write('approval.refused', { door: door.name, pid: door.pid, requests: idsIn(input), why: code })
    },

    /** Records what was only counted so far. */
    close: endStretch,
  }
}

/** The requests that an answer names; it may be anything, and is cut short. */
function idsIn(input: unknown): string[] {
  if (typeof input !== 'object' || input === null) return []
  const many = 'requests' in input && Array.isArray(input.requests) ? input.requests.slice(0, mostNamed) : [input]
  return many.flatMap((asked: unknown) =>
    typeof asked === 'object' && asked !== null && 'id' in asked && typeof asked.id === 'string'
      ? [asked.id.slice(0, mostIdLength)]
      : [],
  )
}
