import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import { CallError } from '../../../shared/call-errors.ts'
import { inFolder, literal } from './folder-condition.ts'
import { quote } from './quote.ts'
import { readYaml } from './yaml-source.ts'

/** Calls of one tool by one client that keep to a folder. */
export type Kept = { client: string; server: string; tool: string; folder: string }

/**
 * The text of a rule file in which a rule is no longer about some calls; comments stay. With `allow`, a rule of that id behind it lets them run
 * within the same bounds: that nobody asks about them any more allows nothing yet. Throws `CallError` BAD_INPUT where the file has no such rule.
 */
export function withNarrowRule(text: string, id: string, kept: Kept, allow: string | null): string {
  const { document, rules, rule } = ruleIn(text, id)
  const condition = conditionOf(kept)
  const before = rule.get('when')
  rule.set('when', typeof before === 'string' ? `(${before.trim()}) && !(${condition})` : `!(${condition})`)
  if (allow !== null) {
    const constraints = rule.get('constraints', true)
    const bounds = isMap(constraints) ? { constraints: constraints.toJSON() as unknown } : {}
    const added = document.createNode({
      id: allow,
      match: { labels: { 'mcp.kind': 'tool' } },
      when: condition,
      decision: isMap(constraints) ? 'ALLOW_WITH_CONSTRAINTS' : 'ALLOW',
      ...bounds,
    })
    added.spaceBefore = true
    rules.items.splice(rules.items.indexOf(rule) + 1, 0, added)
  }
  return document.toString({ lineWidth: 0 })
}

function conditionOf({ client, server, tool, folder }: Kept): string {
  const names = [
    `client.id == ${literal(client)}`,
    `server.name == ${literal(server)}`,
    `tool.name == ${literal(tool)}`,
  ]
  return [...names, inFolder(folder)].join(' && ')
}

function ruleIn(text: string, id: string): { document: Document; rules: YAMLSeq; rule: YAMLMap } {
  // Anchors, tags and keys that stand twice are refused where policy is read, and must be met before it is edited.
  const readable = readYaml(text).source !== null
  const document = parseDocument(text) as Document
  const rules: unknown = readable && isMap(document.contents) ? document.get('rules', true) : null
  const rule = isSeq(rules) ? rules.items.find((each) => isMap(each) && each.get('id') === id) : null
  if (!isSeq(rules) || !isMap(rule)) {
    throw new CallError('BAD_INPUT', `${quote(id)} is no rule of a rule file`, 'change what asks in its file by hand')
  }
  return { document, rules, rule }
}
