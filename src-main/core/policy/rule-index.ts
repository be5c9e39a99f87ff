import type { Action } from '../../../shared/envelope.ts'
import type { Kind } from '../../../shared/traffic.ts'
import type { Glob } from './glob.ts'
import type { Match, Rule } from './rule.ts'

/** What is asked for: its kind, and every spelling of its name; null when the name is not known, and then any rule may fit it. */
export type About = { kind: Kind; names: readonly string[] | null }

/**
 * Finds the rules whose labels fit a server, a tool, an action and what is asked for (by default a call of that tool), without
 * looking at the others. `tool` is empty when no tool is called.
 */
export type RuleIndex = {
  readonly candidates: (server: string, tool: string, action: Action, about?: About) => readonly Rule[]
}

/** Answers remembered; more different tools than this in one snapshot are looked up again. */
const mostRemembered = 4096

/**
 * Rules that name their servers exactly are found by name; the rest are tried one by one. Each answer is remembered, so that
 * the next decision about the same tool costs what its candidates cost, however many rules there are.
 */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const byServer = new Map<string, Rule[]>()
  const others: Rule[] = []
  const order = new Map(rules.map((rule, position) => [rule, position]))
  for (const rule of rules) {
    const names = exactServers(rule.match)
    if (names === null) others.push(rule)
    for (const name of names ?? []) {
      const known = byServer.get(name)
      if (known) known.push(rule)
      else byServer.set(name, [rule])
    }
  }
  const remembered = new Map<string, readonly Rule[]>()

  function candidates(
    server: string,
    tool: string,
    action: Action,
    about: About = { kind: 'tool', names: [tool] },
  ): readonly Rule[] {
    const named = about.names?.length === 1 && about.names[0] === tool ? '' : JSON.stringify(about.names)
    const key = `${action} ${about.kind} ${server.length} ${tool.length} ${server}${tool}${named}`
    const known = remembered.get(key)
    if (known) return known
    const found = [...(byServer.get(server) ?? []), ...others]
      .filter((rule) => labelsFit(rule.match, server, tool, action) && fitsAbout(rule, about))
      .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(key, found)
    return found
  }
  return { candidates }
}

function exactServers(match: Match): Set<string> | null {
  if (!match.servers?.every((server) => server.exact)) return null
  return new Set(match.servers.map((server) => server.pattern))
}

function labelsFit(match: Match, server: string, tool: string, action: Action): boolean {
  const { servers, tools, actions, serversNotIn } = match
  return (
    (servers === null || fitsAny(servers, server)) &&
    (serversNotIn === null || !fitsAny(serversNotIn, server)) &&
    (tools === null || fitsAny(tools, tool)) &&
    (actions === null || actions.includes(action))
  )
}

/**
 * Whether a rule speaks of what is asked for. One spelling is enough for a rule that forbids or asks, since the server may read
 * that one; a rule that lets through must fit all of them.
 */
function fitsAbout({ match: { kinds, names }, effect }: Rule, about: About): boolean {
  if (kinds !== null && !kinds.includes(about.kind)) return false
  if (names === null || about.names === null) return true
  const fits = (name: string) => fitsAny(names, name)
  return effect === 'DENY' || effect === 'REQUIRE_APPROVAL' ? about.names.some(fits) : about.names.every(fits)
}

function fitsAny(globs: readonly Glob[], name: string): boolean {
  return globs.some((glob) => glob.fits(name))
}
