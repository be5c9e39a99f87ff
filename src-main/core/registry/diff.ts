import { annotationsOf, type ToolDefinition, textField } from './definition.ts'

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

function argumentChanges(before: ToolDefinition, after: ToolDefinition): string[] {
  const [old, now] = [schemaOf(before, 'inputSchema'), schemaOf(after, 'inputSchema')]
  const [oldNames, newNames] = [Object.keys(old.properties ?? {}), Object.keys(now.properties ?? {})]
  const wasRequired = required(old)
  const changes = newNames
    .filter((name) => !oldNames.includes(name))
    .map((name) => `new ${required(now).includes(name) ? 'required ' : ''}argument \`${name}\``)
  changes.push(...oldNames.filter((name) => !newNames.includes(name)).map((name) => `argument \`${name}\` is gone`))
  for (const name of newNames.filter((name) => oldNames.includes(name))) {
    if (!same(old.properties?.[name], now.properties?.[name]))
      changes.push(`argument \`${name}\` is described differently`)
    if (wasRequired.includes(name) !== required(now).includes(name)) {
      changes.push(`argument \`${name}\` is ${wasRequired.includes(name) ? 'no longer' : 'now'} required`)
    }
  }
  if (changes.length === 0 && !same(old, now)) changes.push('the input schema changed')
  return changes
}

function hintChanges(before: ToolDefinition, after: ToolDefinition): string[] {
  const [old, now] = [annotationsOf(before), annotationsOf(after)]
  const changes: string[] = []
  if (old.readOnlyHint === true && now.readOnlyHint !== true) changes.push('no longer claims to be read-only')
  if (old.readOnlyHint !== true && now.readOnlyHint === true) changes.push('now claims to be read-only')
  if (old.destructiveHint !== true && now.destructiveHint === true) changes.push('now marked destructive')
  if (old.destructiveHint === true && now.destructiveHint !== true) changes.push('no longer marked destructive')
  if (old.openWorldHint !== true && now.openWorldHint === true) changes.push('now reaches outside systems')
  if (changes.length === 0 && !same(old, now)) changes.push('the annotations changed')
  return changes
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 240 ? `${text.slice(0, 240)}…` : text)
}

/** What changed between two definitions of a tool, meaning first, in sentences a person can judge; empty when nothing pinned did. */
export function definitionChanges(before: ToolDefinition, after: ToolDefinition): string[] {
  const changes = [...hintChanges(before, after), ...argumentChanges(before, after)]
  for (const field of ['title', 'description'] as const) {
    const [old, now] = [textField(before, field), textField(after, field)]
    if (old !== now) changes.push(`the ${field} changed from ${quoted(old)} to ${quoted(now)}`)
  }
  if (!same(before.outputSchema, after.outputSchema)) changes.push('the output schema changed')
  if (!same(uiOf(before), uiOf(after))) changes.push('the user interface it brings changed')
  return changes
}

function uiOf(tool: ToolDefinition): unknown {
  return typeof tool._meta === 'object' && tool._meta !== null ? (tool._meta as Record<string, unknown>).ui : undefined
}
