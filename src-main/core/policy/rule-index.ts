import type { Action, Envelope } from '../../../shared/envelope.ts'
import type { Kind } from '../../../shared/traffic.ts'
import type { Glob } from './glob.ts'
import { isStrict, type Match, type Rule } from './rule.ts'

/**
 * What is asked for, as far as every request for it is alike. `names`: every spelling of its name; null when it is not known, and
 * then any rule may fit it. `tool` is empty when no tool is called.
 */
export type Subject = {
  server: string
  tool: string
  namespace: string
  verb: string
  action: Action
  kind: Kind
  names: readonly string[] | null
}

/** The subject of a call. */
export function subjectOf({ call, server, tool, names }: Envelope): Subject {
  const { name, namespace, verb, action } = tool
  return { server: server.name, tool: name, namespace, verb, action, kind: call.kind, names }
}

/** Finds the rules that fit a subject, without looking at the others. */
export type RuleIndex = { readonly candidates: (subject: Subject) => readonly Rule[] }

/** Answers remembered; more different subjects than this in one snapshot are looked up again. */
const mostRemembered = 4096
/** Longer names are up to whoever sends them, and are not worth their memory. */
const longestRemembered = 2000
/** Areas remembered: each may hold thousands of rules. */
const mostAreas = 256

/**
 * Rules that name their servers exactly are found by name, others by the exact name of their verbs or tools; the rest are tried
 * one by one. What fits an area, which is all that is done in one way at one server, is remembered, and so is each answer: a
 * decision about a new tool costs what the rules of its area cost, the next about the same tool what its candidates cost.
 */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const named = { server: new Map<string, Rule[]>(), tool: new Map<string, Rule[]>(), verb: new Map<string, Rule[]>() }
  const others: Rule[] = []
  const order = new Map(rules.map((rule, position) => [rule, position]))
  for (const rule of rules) {
    const home = homeOf(rule.match)
    if (home === null) others.push(rule)
    for (const name of home?.names ?? []) {
      const known = named[home?.by ?? 'server'].get(name)
      if (known) known.push(rule)
      else named[home?.by ?? 'server'].set(name, [rule])
    }
  }
  const remembered = new Map<string, readonly Rule[]>()
  const areas = new Map<string, readonly Rule[]>()
  const inOrder = (found: Rule[]) => found.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))

  function areaOf(subject: Subject): readonly Rule[] {
    const key = `${subject.action} ${subject.kind} ${subject.server}`
    const known = areas.get(key)
    if (known) return known
    const found = [...(named.server.get(subject.server) ?? []), ...others].filter((rule) => fitsArea(rule, subject))
    if (areas.size >= mostAreas) areas.clear()
    areas.set(key, inOrder(found))
    return found
  }

  function candidates(subject: Subject): readonly Rule[] {
    const key = keyOf(subject)
    const known = remembered.get(key)
    if (known) return known
    const byName = [...(named.tool.get(subject.tool) ?? []), ...(named.verb.get(subject.verb) ?? [])]
    const anywhere = byName.filter((rule) => fitsArea(rule, subject) && fitsTool(rule, subject))
    const here = areaOf(subject).filter((rule) => fitsTool(rule, subject))
    const found = anywhere.length > 0 ? inOrder([...anywhere, ...here]) : here
    if (remembered.size >= mostRemembered) remembered.clear()
    if (key.length <= longestRemembered) remembered.set(key, found)
    return found
  }
  return { candidates }
}

function keyOf({ server, tool, namespace, verb, action, kind, names }: Subject): string {
  const parts = `${action} ${kind} ${server.length} ${tool.length} ${namespace.length} ${verb.length}`
  const alone = names?.length === 1 && names[0] === tool
  return `${parts} ${server}${tool}${namespace}${verb}${alone ? '' : JSON.stringify(names)}`
}

/** Under which names a rule is found; null when it must be tried for every subject. */
function homeOf({ servers, tools, verbs }: Match): { by: 'server' | 'tool' | 'verb'; names: Set<string> } | null {
  const exact = (globs: readonly Glob[] | null) => globs?.every((glob) => glob.exact)
  const names = (globs: readonly Glob[] | null) => new Set(globs?.map((glob) => glob.pattern))
  if (exact(servers)) return { by: 'server', names: names(servers) }
  if (exact(tools)) return { by: 'tool', names: names(tools) }
  return exact(verbs) ? { by: 'verb', names: names(verbs) } : null
}

/** Whether a rule is about what is done in this way at this server, whichever tool it is done with. */
function fitsArea(
  { match: { servers, serversNotIn, actions, kinds } }: Rule,
  { server, action, kind }: Subject,
): boolean {
  return (
    (kinds === null || kinds.includes(kind)) &&
    (actions === null || actions.includes(action)) &&
    (servers === null || fitsAny(servers, server)) &&
    (serversNotIn === null || !fitsAny(serversNotIn, server))
  )
}

/** Whether what a rule says of tools and names fits; what depends on the single request is looked at when there is one. */
function fitsTool(rule: Rule, subject: Subject): boolean {
  const { tools, verbs, fullNames } = rule.match
  return (
    (tools === null || fitsAny(tools, subject.tool)) &&
    (verbs === null || fitsAny(verbs, subject.verb)) &&
    (fullNames === null || fullNamesOf(subject).some((name) => fitsAny(fullNames, name))) &&
    fitsName(rule, subject)
  )
}

/** All names by which a person may call a tool: alone, after its server, after its namespace. None where no tool is called. */
export function fullNamesOf({
  server,
  tool,
  namespace,
  verb,
}: Pick<Subject, 'server' | 'tool' | 'namespace' | 'verb'>) {
  return tool === '' ? [] : [tool, `${server}.${tool}`, `${namespace}.${verb}`]
}

/**
 * Whether a rule speaks of what is asked for. One spelling is enough for a rule that forbids or asks, since the server may read
 * that one; a rule that lets through must fit all of them.
 */
function fitsName({ match: { names }, effect }: Rule, subject: Subject): boolean {
  if (names === null || subject.names === null) return true
  const fits = (name: string) => fitsAny(names, name)
  return isStrict(effect) ? subject.names.some(fits) : subject.names.every(fits)
}

function fitsAny(globs: readonly Glob[], name: string): boolean {
  return globs.some((glob) => glob.fits(name))
}
