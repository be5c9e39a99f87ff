import type { YamlPlace } from './yaml-place.ts'

/** As much of JSON Schema (draft 7) as describes our files. */
export type FileSchema = {
  $ref?: string
  definitions?: Record<string, FileSchema>
  $defs?: Record<string, FileSchema>
  properties?: Record<string, FileSchema>
  additionalProperties?: FileSchema | boolean
  items?: FileSchema | FileSchema[]
  anyOf?: FileSchema[]
  oneOf?: FileSchema[]
  allOf?: FileSchema[]
  enum?: unknown[]
  const?: unknown
  type?: string | string[]
  required?: string[]
  description?: string
  default?: unknown
}

/** Something that may be written at a place. `opens`: a map or a list follows on the next lines. */
export type SchemaChoice = { text: string; note: string; kind: 'key' | 'value'; opens: 'map' | 'list' | null }

/** References to follow at most, so that a schema that leads in a circle ends. */
const deepest = 24

/** The keys or values that the schema allows where somebody writes; the keys that are there already are left out. */
export function schemaChoices(schema: FileSchema, place: YamlPlace): SchemaChoice[] {
  const here = schemasAt(schema, place.path)
  const keys = here.flatMap((each) => keysOf(schema, each)).filter(({ text }) => !place.beside.includes(text))
  const values = here.flatMap((each) => valuesOf(schema, each, deepest))
  // An item of a list may be a map or a value: what the schema says decides.
  return unique(place.kind === 'value' ? values : place.path.at(-1) === '*' ? [...keys, ...values] : keys)
}

/** The schemas of what lies at a path; several where one of several fits. */
function schemasAt(root: FileSchema, path: readonly string[]): FileSchema[] {
  return path.reduce<FileSchema[]>(
    (schemas, step) => schemas.flatMap((each) => branches(root, each, deepest).flatMap((it) => inside(it, step))),
    [root],
  )
}

function inside(schema: FileSchema, step: string): FileSchema[] {
  if (step === '*') return schema.items === undefined ? [] : [schema.items].flat()
  const own =
    schema.properties !== undefined && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined
  if (own) return [own]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

/** A schema with its references and alternatives followed. */
function branches(root: FileSchema, schema: FileSchema, left: number): FileSchema[] {
  if (left === 0) return []
  const { $ref, anyOf = [], oneOf = [], allOf = [] } = schema
  const target = $ref === undefined ? null : at(root, $ref)
  const others = [...(target ? [target] : []), ...anyOf, ...oneOf, ...allOf]
  return [schema, ...others.flatMap((each) => branches(root, each, left - 1))]
}

function at(root: FileSchema, $ref: string): FileSchema | null {
  const name = /^#\/(?:definitions|\$defs)\/([^/]+)$/.exec($ref)?.[1]
  if ($ref === '#') return root
  return name === undefined ? null : (root.definitions?.[name] ?? root.$defs?.[name] ?? null)
}

function keysOf(root: FileSchema, schema: FileSchema): SchemaChoice[] {
  return branches(root, schema, deepest).flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([text, value]) => ({
      text,
      note: value.description ?? (required.includes(text) ? 'required' : ''),
      kind: 'key' as const,
      opens: opens(root, value),
    })),
  )
}

function opens(root: FileSchema, schema: FileSchema): SchemaChoice['opens'] {
  const all = branches(root, schema, deepest)
  if (all.some(({ properties }) => properties !== undefined)) return all.some(({ items }) => items) ? 'list' : 'map'
  // A list of words may be one word on the same line.
  return null
}

function valuesOf(root: FileSchema, schema: FileSchema, left: number): SchemaChoice[] {
  if (left === 0) return []
  return branches(root, schema, left).flatMap((each) => {
    const given = each.enum ?? (each.const === undefined ? [] : [each.const])
    const words = each.type === 'boolean' ? [true, false] : given
    const own = words.map((value) => ({
      text: written(value),
      note: each.description ?? '',
      kind: 'value' as const,
      opens: null,
    }))
    // One item of a list may stand for the list.
    const items = each.items === undefined ? [] : [each.items].flat()
    return [...own, ...items.flatMap((item) => valuesOf(root, item, left - 1))]
  })
}

function written(value: unknown): string {
  return typeof value === 'string' && !/^[A-Za-z_][\w.-]*$/.test(value) ? JSON.stringify(value) : String(value)
}

function unique(choices: readonly SchemaChoice[]): SchemaChoice[] {
  const known = new Map<string, SchemaChoice>()
  for (const choice of choices) if (!known.has(choice.text)) known.set(choice.text, choice)
  return [...known.values()]
}
