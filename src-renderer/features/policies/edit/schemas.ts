import { useEffect, useState } from 'react'
import type { FileSchema } from '../../../yaml-editor/schema-choices.ts'

/** The schemas that are shipped for editors, by the name of their file; made from what reads the files. */
const shipped = import.meta.glob<FileSchema>('../../../../assets/schemas/*.json', { import: 'default' })

/** Which schema a file follows: nothing is known of any before they are loaded. */
export function useSchemaOf(path: string): (text: string) => FileSchema | null {
  const [schemas, setSchemas] = useState<ReadonlyMap<string, FileSchema>>(new Map())
  useEffect(() => {
    let wanted = true
    loaded().then(
      (all) => wanted && setSchemas(all),
      // Without them nothing is completed; what is wrong is told by the gateway all the same.
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [])
  return (text) => schemaFor(path, text, schemas)
}

async function loaded(): Promise<ReadonlyMap<string, FileSchema>> {
  const all = Object.entries(shipped).map(async ([file, load]) => [nameOf(file), await load()] as const)
  return new Map(await Promise.all(all))
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.json'.length)
}

/** The schema that knows most of the keys at the left edge of a text; of several, and of an empty text, that of rule files. */
export function schemaFor(path: string, text: string, schemas: ReadonlyMap<string, FileSchema>): FileSchema | null {
  if (/\.test\.ya?ml$/i.test(path)) return schemas.get('tests') ?? null
  const keys = [...text.matchAll(/^([\w.-]+):/gm)].map(([, key = '']) => key)
  const known = (schema: FileSchema) => keys.filter((key) => Object.hasOwn(schema.properties ?? {}, key)).length
  const rules = schemas.get('rules') ?? null
  let best = { schema: rules, count: rules ? known(rules) : 0 }
  for (const [name, schema] of schemas) {
    const count = known(schema)
    if (name !== 'tests' && count > best.count) best = { schema, count }
  }
  return best.schema
}
