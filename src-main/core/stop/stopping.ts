import { ToolgateError } from '../../../shared/errors.ts'
import type { Clock } from '../ports.ts'
import type { Halt, Halts } from './halts.ts'
import type { Incidents } from './incidents.ts'

/** Whose calls end: true for what a halt is about. */
export type Which = (of: { server: string; client: string }) => boolean

type Deps = {
  halts: Halts
  clock: Clock
  /** Ends every running and waiting call that `which` picks; must not throw. */
  cut: (which: Which) => void
  record: (event: string, detail: Record<string, unknown>) => void
  incidents: Pick<Incidents, 'begin'>
}

export type Stopping = ReturnType<typeof createStopping>

/** The one way in which anything is halted, by a person or by a gate, and resumed. */
export function createStopping({ halts, clock, cut, record, incidents }: Deps) {
  return {
    /**
     * Halts at once. It is saved and recorded after: a full disk must not keep anyone from stopping. Throws AUDIT_UNWRITABLE when
     * that failed; then it holds all the same, until Toolgate ends.
     */
    stop(asked: Omit<Halt, 'since'>): void {
      const halt = { ...asked, since: clock.now() }
      halts.set(halt)
      cut(aboutIt(halt))
      const { scope, name, reason, by, door, tripped_by } = halt
      try {
        halts.save(halt)
        record('stopped', { ...of({ scope, name }), reason, by, door, ...(tripped_by === null ? {} : { tripped_by }) })
        incidents.begin(tripped_by === null ? 'stop' : 'gate', { scope, name }, reason, { by, door })
      } catch (error) {
        throw new ToolgateError('AUDIT_UNWRITABLE', 'it is stopped, but only until Toolgate ends', { cause: error })
      }
    },

    /** Lets calls run again, once that is recorded. */
    resume(halt: Halt, { by, door }: { by: string; door: string }): void {
      record('resumed', { ...of(halt), by, door })
      halts.lift(halt)
    },
  }
}

function aboutIt({ scope, name }: Halt): Which {
  if (scope === 'all') return () => true
  return (call) => call[scope] === name
}

function of({ scope, name }: Pick<Halt, 'scope' | 'name'>): Record<string, string> {
  return scope === 'all' ? { scope } : { scope, [scope]: name }
}
