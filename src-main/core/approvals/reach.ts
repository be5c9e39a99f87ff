import type { Clock, HostPrompts } from '../ports.ts'

/** So long after a person was last seen at a door the next call waits for them (ms): as long as a request stays open, usually. */
const rememberedMs = 10 * 60_000

/** By what people would see that a call waits; none: it is refused. */
export type PromptsView = { how: string[]; problem: string | null }

export type Reach = ReturnType<typeof createReach>

/**
 * Whether anything can show a person that a call waits: the host itself, a page that is connected, or somebody who was at a door
 * within the last ten minutes, at a terminal say. Where nothing can, holding a call would only cost its caller the time.
 */
export function createReach(deps: {
  clock: Clock
  host: () => HostPrompts
  /** Pages that are connected right now. */
  pages: () => number
  /** `hold_without_host`: calls wait all the same, for people who look now and then. */
  settings: () => { hold_without_host: boolean }
}) {
  const { clock } = deps
  const seen = new Map<string, number>()

  function view(): PromptsView {
    const { how, problem } = deps.host()
    const pages = deps.pages()
    const recent = [...seen].filter(([, at]) => clock.monotonic() - at < rememberedMs).map(([door]) => door)
    const ways = [
      ...(how === null ? [] : [how]),
      ...(pages > 0 ? ['a page that is open'] : []),
      ...(recent.includes('terminal') ? ['a terminal at which somebody was within 10 minutes'] : []),
      // A page that was closed or reloads.
      ...(pages === 0 && recent.includes('page') ? ['a page that was open within 10 minutes'] : []),
      ...(deps.settings().hold_without_host ? ['whoever looks at `toolgate approvals` (`hold_without_host`)'] : []),
    ]
    // What a host cannot do matters only where nothing else shows it.
    return { how: ways, problem: how === null && ways.length > 0 ? null : problem }
  }

  return {
    view,
    /** Whether a call may wait for a person. */
    reachable: () => view().how.length > 0,
    /** A person was there: at a terminal they proved it or looked at what waits; a page was connected. */
    seen: (door: 'terminal' | 'page') => void seen.set(door, clock.monotonic()),
  }
}
