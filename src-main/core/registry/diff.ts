import { injectionSigns } from '../safety/injection.ts'
import { annotationsOf, type ToolDefinition, textField, textsIn, uiOf } from './definition.ts'

/** One thing that changed. `what` is in our own words and safe to tell a model; `text` quotes the server, for people only. */
export type Change = { what: string; text: string }

type Schema = { properties?: Record<string, unknown>; required?: unknown }

function schemaOf(tool: ToolDefinition, field: 'inputSchema' | 'outputSchema'): Schema {
  const schema = tool[field]
  return typeof schema === 'object' && schema !== null ? (schema as Schema) : {}
}

function required(schema: Schema): string[] {
  return Array.isArray(schema.required)
    ? schema.required.filter((name): name is string => typeof name === 'string')
    : []
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function change(what: string, detail = ''): Change {
  return { what, text: `${what}${detail}` }
}

function argumentChanges(before: ToolDefinition, after: ToolDefinition): Change[] {
  const [old, now] = [schemaOf(before, 'inputSchema'), schemaOf(after, 'inputSchema')]
  const [oldNames, newNames] = [Object.keys(old.properties ?? {}), Object.keys(now.properties ?? {})]
  const [wasRequired, isRequired] = [required(old), required(now)]
  const named = (what: string, name: string) => change(what, `: \`${name}\``)
  const added = newNames.filter((name) => !oldNames.includes(name))
  const gone = oldNames.filter((name) => !newNames.includes(name))
  const changes = [
    ...added.map((name) =>
      change(isRequired.includes(name) ? 'new required argument' : 'new argument', ` \`${name}\``),
    ),
    ...gone.map((name) => named('an argument is gone', name)),
  ]
  for (const name of newNames.filter((name) => oldNames.includes(name))) {
    if (!same(old.properties?.[name], now.properties?.[name]))
      changes.push(named('an argument is described differently', name))
    if (wasRequired.includes(name) === isRequired.includes(name)) continue
    changes.push(named(`an argument is ${wasRequired.includes(name) ? 'no longer' : 'now'} required`, name))
  }
  return changes.length > 0 || same(old, now) ? changes : [change('the input schema changed')]
}

function hintChanges(before: ToolDefinition, after: ToolDefinition): Change[] {
  const [old, now] = [annotationsOf(before), annotationsOf(after)]
  const changes: string[] = []
  if (old.readOnlyHint === true && now.readOnlyHint !== true) changes.push('no longer claims to be read-only')
  if (old.readOnlyHint !== true && now.readOnlyHint === true) changes.push('now claims to be read-only')
  if (old.destructiveHint !== true && now.destructiveHint === true) changes.push('now marked destructive')
  if (old.destructiveHint === true && now.destructiveHint !== true) changes.push('no longer marked destructive')
  if (old.openWorldHint !== true && now.openWorldHint === true) changes.push('now reaches outside systems')
  if (changes.length === 0 && !same(old, now)) changes.push('the annotations changed')
  return changes.map((what) => change(what))
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 240 ? `${text.slice(0, 240)}…` : text)
}

/** Wording that steers a model and was not there before: in what a person reads of a tool, or in what only a model does. */
function steeringChanges(before: ToolDefinition, after: ToolDefinition): Change[] {
  const parts = [
    ['the title', (tool: ToolDefinition) => textField(tool, 'title')],
    ['the description', (tool: ToolDefinition) => textField(tool, 'description')],
    ['an argument or result', ({ inputSchema, outputSchema }: ToolDefinition) => textsIn([inputSchema, outputSchema])],
    ['an annotation', (tool: ToolDefinition) => textsIn([annotationsOf(tool)])],
  ] as const
  return parts.flatMap(([part, textOf]) => {
    const known = injectionSigns(textOf(before))
    const added = injectionSigns(textOf(after)).filter((sign) => !known.includes(sign))
    return added.length === 0 ? [] : [change(`${part} now contains instructions`, `: ${added.join(', ')}`)]
  })
}

function textChanges(before: ToolDefinition, after: ToolDefinition): Change[] {
  return (['title', 'description'] as const).flatMap((field) => {
    const [old, now] = [textField(before, field), textField(after, field)]
    return old === now ? [] : [change(`the ${field} changed`, ` from ${quoted(old)} to ${quoted(now)}`)]
  })
}

/** What changed between two definitions of a tool, meaning first, in sentences a person can judge; empty when nothing pinned did. */
export function definitionChanges(before: ToolDefinition, after: ToolDefinition): Change[] {
  return [
    ...hintChanges(before, after),
    ...steeringChanges(before, after),
    ...argumentChanges(before, after),
    ...textChanges(before, after),
    ...(same(before.outputSchema, after.outputSchema) ? [] : [change('the output schema changed')]),
    ...(same(uiOf(before), uiOf(after)) ? [] : [change('the user interface it brings changed')]),
  ]
}
