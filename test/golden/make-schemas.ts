// Writes the JSON Schemas of the policy folder's formats into assets/schemas: `npx node test/golden/make-schemas.ts`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { policySchemas } from '../../src-main/core/policy/schemas.ts'

const folder = new URL('../../assets/schemas/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, schema] of Object.entries(policySchemas())) {
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(schema, null, 2)}\n`)
}
