/** The server under test, as it is registered and as rules name it. */
export const benchServer = 'bench'

const services = 40

/** The server and tool that rule number `index` is about, as an exact name. */
export function subjectOf(index: number): { server: string; tool: string } {
  return { server: `service-${index % services}`, tool: `${index % 2 ? 'get' : 'create'}_item_${index}` }
}

/**
 * A policy of `count` rules as an organisation's grows to be: of ten rules six name one tool of one server, two a family of
 * tools, one every tool of a family of servers, and one is about some tools of every server, half of those under a condition.
 * The first two let the server under test run; of the others, only one in a hundred has to be looked at for each call: a
 * guard with a condition over every tool.
 */
export function policyOf(count: number): string {
  const rules = [allow('read'), allow('write'), ...Array.from({ length: count }, (_, index) => rule(index))]
  return `version: v1\nrules:\n${rules.slice(0, count).join('\n')}\n`
}

function allow(action: string): string {
  return ruleText(`bench-${action}s`, { server: benchServer, action }, 'ALLOW')
}

function rule(index: number): string {
  const { server, tool } = subjectOf(index)
  const id = `rule-${index}`
  const effect = index % 7 === 0 ? 'DENY' : index % 3 === 0 ? 'REQUIRE_APPROVAL' : 'ALLOW'
  if (index % 100 === 9) return ruleText(id, { server: '*' }, 'DENY', guard(index))
  switch (index % 10) {
    case 6:
    case 7:
      return ruleText(id, { server, tool: `{list,search}_${index % 50}_*` }, effect)
    case 8:
      return ruleText(id, { server: `service-${index % 4}?`, action: 'destructive' }, effect)
    case 9:
      return ruleText(
        id,
        { server: '*', tool: `*_secret_${index}` },
        effect,
        index % 20 === 9 ? guard(index) : undefined,
      )
    default:
      return ruleText(id, { server, tool }, effect)
  }
}

function guard(index: number): string {
  return `tool.action != "read" && resource.paths.exists(p, p.startsWith("/srv/team-${index}/"))`
}

function ruleText(
  id: string,
  labels: { server: string; tool?: string; action?: string },
  effect: string,
  when?: string,
): string {
  const named = Object.entries(labels).map(([key, value]) => `mcp.${key}: ${JSON.stringify(value)}`)
  const condition = when === undefined ? '' : `\n    when: ${JSON.stringify(when)}`
  const level = effect === 'REQUIRE_APPROVAL' ? '\n    level: 2' : ''
  return `  - id: ${id}\n    match: { labels: { ${named.join(', ')} } }${condition}\n    decision: ${effect}${level}`
}
