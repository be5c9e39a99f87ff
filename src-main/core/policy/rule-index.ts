import type { Action } from '../../../shared/envelope.ts'
import type { Glob } from './glob.ts'
import type { Match, Rule } from './rule.ts'

/** Finds the rules whose labels fit a server, a tool and an action, without looking at the others. */
export type RuleIndex = { readonly candidates: (server: string, tool: string, action: Action) => readonly Rule[] }

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

  function candidates(server: string, tool: string, action: Action): readonly Rule[] {
    const key = `${action} ${server.length} ${server}${tool}`
    const known = remembered.get(key)
    if (known) return known
    const found = [...(byServer.get(server) ?? []), ...others]
      .filter((rule) => labelsFit(rule.match, server, tool, action))
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

function fitsAny(globs: readonly Glob[], name: string): boolean {
  return globs.some((glob) => glob.fits(name))
}
