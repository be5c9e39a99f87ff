import type { Deps, OpenCall } from './call.ts'
import { Refused } from './refused.ts'

/** In quiet hours nobody is asked anything new; what waits already goes on. Throws Refused. */
export function mustNotBeQuiet({ sparing, clock }: Pick<Deps, 'sparing' | 'clock'>): void {
  const now = sparing.quiet.quiet()
  if (!now) return
  const { until } = now
  const again = until === null ? 'They have no end.' : `It asks again at ${timeOf(until)}.`
  throw new Refused('QUIET_HOURS', 'blocked', [again], until === null ? null : Math.ceil((until - clock.now()) / 1000))
}

/** What a caller is told while nobody is notified of its tool, because nobody answered. */
export function coolingLines({ request }: OpenCall, { sparing }: Pick<Deps, 'sparing'>): string[] {
  const { client, serverName: server, toolName: tool } = request
  const until = sparing.coolDown.until({ client, server, tool })
  return until === null ? [] : [`Nobody answered lately: a person is told of it again at ${timeOf(until)}.`]
}

/** Time of day on this machine: `14:35`. */
function timeOf(ms: number): string {
  const at = new Date(ms)
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
}
