import { createHash } from 'node:crypto'
import { canonicalJson } from '../audit/canonical.ts'

/** A tool as a server defines it, unknown fields included. */
export type ToolDefinition = { name: string; [field: string]: unknown }

/** A server's own hints about its tool (MCP `ToolAnnotations`): shown in review, never trusted. */
export type Annotations = {
  readOnlyHint?: boolean
  destructiveHint?: boolean
  idempotentHint?: boolean
  openWorldHint?: boolean
  title?: string
}

/** The user interface that a tool brings along (`_meta.ui`), or undefined. */
export function uiOf({ _meta }: ToolDefinition): unknown {
  return typeof _meta === 'object' && _meta !== null ? (_meta as Record<string, unknown>).ui : undefined
}

/** The part of a definition that a review pins: what a model reads and what decides how the tool is called. */
function pinned(definition: ToolDefinition): Record<string, unknown> {
  const { name, title, description, inputSchema, outputSchema, annotations } = definition
  const fields = { name, title, description, inputSchema, outputSchema, annotations, ui: uiOf(definition) }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** Whether two definitions are the same but for the name, as when a tool is renamed. */
export function sameBesideName(one: ToolDefinition, other: ToolDefinition): boolean {
  return fingerprint({ ...one, name: '' }) === fingerprint({ ...other, name: '' })
}

/** Definitions are never changed in place, so each is hashed once; every call asks. */
const fingerprints = new WeakMap<ToolDefinition, string>()

/** The pinned hash of a tool: SHA-256, hex, over the canonical JSON of name, title, description, schemas, annotations and `_meta.ui`. */
export function fingerprint(definition: ToolDefinition): string {
  const known = fingerprints.get(definition)
  if (known) return known
  const made = createHash('sha256')
    .update(canonicalJson(pinned(definition)))
    .digest('hex')
  fingerprints.set(definition, made)
  return made
}

/** The tools in a `tools/list` result; entries without a name are left out, since nothing can call them. */
export function toolsOf(result: unknown): ToolDefinition[] {
  const tools = typeof result === 'object' && result !== null ? (result as { tools?: unknown }).tools : undefined
  if (!Array.isArray(tools)) return []
  return tools.filter(
    (tool): tool is ToolDefinition => typeof tool === 'object' && tool !== null && typeof tool.name === 'string',
  )
}

/** The annotations of a definition; they are the server's claims. */
export function annotationsOf(definition: ToolDefinition): Annotations {
  const annotations = definition.annotations
  return typeof annotations === 'object' && annotations !== null ? (annotations as Annotations) : {}
}

/** A definition's text field, or an empty string. */
export function textField(definition: ToolDefinition, field: 'title' | 'description'): string {
  const value = definition[field]
  return typeof value === 'string' ? value : ''
}

/** All texts within a part of a definition, one a line: escapes of JSON would hide what they are. */
export function textsIn(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || depth > 200) return ''
  return Object.entries(value)
    .map(([key, item]) => `${key}\n${textsIn(item, depth + 1)}`)
    .join('\n')
}
