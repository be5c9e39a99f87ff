import type { CoreHandlers, Door } from '../control/handlers.ts'
import type { Reach } from './reach.ts'

type Handler = (input: unknown, door: Door) => unknown

/** The same handlers, which note where people are: at a page that asks, at a terminal where they proved it or look at what waits. */
export function notePeople(seen: Reach['seen'], handlers: CoreHandlers): CoreHandlers {
  const noting = (name: string, handler: Handler): Handler => {
    return (input, door) => {
      if (door.name !== 'terminal') seen('page')
      else if (door.present || name.startsWith('approvals.')) seen('terminal')
      return handler(input, door)
    }
  }
  const all = Object.entries(handlers).map(([name, handler]) => [name, noting(name, handler as Handler)])
  return Object.fromEntries(all) as CoreHandlers
}
