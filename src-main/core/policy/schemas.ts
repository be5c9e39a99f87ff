import { z } from 'zod'
import { AccessFile } from './access-file.ts'
import { keyHelp } from './keys.ts'
import { PatternPolicies, PatternPolicy } from './pattern-file.ts'
import { RuleFile } from './rule-file.ts'
import { TestFile } from './tests/test-file.ts'
import { ToolFile } from './tool-file.ts'

/** One format of the policy folder as editors know it. */
type Format = { title: string; schema: z.ZodType }

/** Every format, by the name of its schema file. */
const formats: Record<string, Format> = {
  rules: { title: 'Toolgate rule file', schema: RuleFile },
  tool: { title: 'Toolgate per-tool file', schema: ToolFile },
  patterns: { title: 'Toolgate pattern policies', schema: z.union([PatternPolicy, PatternPolicies]) },
  access: { title: 'Toolgate access policies', schema: AccessFile },
  tests: { title: 'Toolgate policy tests', schema: TestFile },
}

type Json = z.core.JSONSchema.JSONSchema

/**
 * A JSON Schema (draft-07) for each format of the policy folder, by name, made from what reads the files, so that an editor
 * completes and underlines what Toolgate takes. What no schema can say (conditions, ids that are used twice) is for lint.
 */
export function policySchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(formats).map(([name, { title, schema }]) => {
      const { $schema, ...rest } = toSchema(schema)
      return [name, { $schema, $id: `urn:toolgate:policy:${name}`, title, ...rest }]
    }),
  )
}

function toSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      oneForMany(zodSchema, jsonSchema as Json)
      explain(jsonSchema as Json)
    },
  }) as Json
}

/** Where a single value stands for a list of one, a schema has to say both. */
function oneForMany(zodSchema: z.core.$ZodTypes, jsonSchema: Json): void {
  const { def } = zodSchema._zod
  if (def.type !== 'pipe' || def.in._zod.def.type !== 'transform') return
  const { $schema: _, ...list } = toSchema(def.out as z.ZodType)
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
  Object.assign(jsonSchema, list.type === 'array' ? { anyOf: [list.items, list] } : list)
}

/** Says of each key what lint says of it. */
function explain({ properties }: Json): void {
  for (const [key, value] of Object.entries(properties ?? {})) {
    const help = Object.hasOwn(keyHelp, key) ? keyHelp[key] : undefined
    if (help && typeof value === 'object') value.description ??= `${help.expected}; for example ${help.example}`
  }
}
