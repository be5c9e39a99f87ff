import { type Document, isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml'
import { CallError } from '../../../shared/call-errors.ts'
import { inFolder, literal } from './folder-condition.ts'
import { quote } from './quote.ts'
import { editableYaml } from './yaml-source.ts'

/**
 * Calls of one tool by one client that keep to a folder, and name no other place. `tenant`: for whom it worked, empty for nobody in
 * particular; null for a client that cannot work for another.
 */
export type Kept = { client: string; tenant: string | null; server: string; tool: string; folder: string }

/**
 * The text of a rule file in which a rule that asks is no longer about some calls, and a copy of it, `allow`, behind it lets just those run within the
 * same bounds; comments stay. Null when the rule leaves them out already. Throws `CallError` BAD_INPUT where the file has no such rule.
 */
export function withNarrowRule(text: string, id: string, kept: Kept, allow: string): string | null {
  const { document, rules, rule } = ruleIn(text, id)
  const condition = conditionOf(kept)
  const when = rule.get('when')
  const before = typeof when === 'string' ? when : null
  if (before?.includes(condition)) return null
  // A comment of CEL ends with its line. An error of what was there stays one for the copy, which then allows nothing.
  const both = (part: string) =>
    before === null ? part : `(${before.trim()}${before.includes('//') ? '\n' : ''}) && ${part}`
  const { match, mcp, constraints } = rule.toJSON() as Record<string, unknown>
  rule.set('when', both(`!(${condition})`))
  const added = document.createNode({
    id: allow,
    ...(match === undefined ? {} : { match }),
    ...(mcp === undefined ? {} : { mcp }),
    when: both(`(${condition})`),
    decision: constraints === undefined ? 'ALLOW' : 'ALLOW_WITH_CONSTRAINTS',
    ...(constraints === undefined ? {} : { constraints }),
  })
  added.spaceBefore = true
  rules.items.splice(rules.items.indexOf(rule) + 1, 0, added)
  return document.toString({ lineWidth: 0 })
}

function conditionOf({ client, tenant, server, tool, folder }: Kept): string {
  const acting = tenant === null ? [] : [`tenant.client == ${literal(tenant)}`]
  const who = [`client.id == ${literal(client)}`, "client.identity == 'verified'", ...acting]
  const what = [`server.name == ${literal(server)}`, `tool.name == ${literal(tool)}`]
  const nowhereElse = 'size(resource.hosts) == 0 && size(resource.uris) == 0'
  return [...who, ...what, inFolder(folder), nowhereElse].join(' && ')
}

function ruleIn(text: string, id: string): { document: Document; rules: YAMLSeq; rule: YAMLMap } {
  const document = editableYaml(text)
  const rules: unknown = document?.get('rules', true)
  const rule = isSeq(rules) ? rules.items.find((each) => isMap(each) && each.get('id') === id) : null
  if (!document || !isSeq(rules) || !isMap(rule)) {
    throw new CallError('BAD_INPUT', `${quote(id)} is no rule of a rule file`, 'change what asks in its file by hand')
  }
  return { document, rules, rule }
}
