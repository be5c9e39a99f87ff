import { isObject } from '../../../../shared/is-object.ts'

type Schema = Record<string, unknown>

/** The steps to a value in arguments: names, and null for an element of a list. */
export type Path = readonly (string | null)[]

/** Whether a JSON Schema of arguments names what stands there. */
export function declares(schema: unknown, path: Path): boolean {
  return schemasAt(schema, path).length > 0
}

/** Whether a JSON Schema of arguments leaves open what anything inside of what stands there is called: it names nothing, and forbids nothing. */
export function namesNothing(schema: unknown, path: Path): boolean {
  return sameAs(schemasAt(schema, path), schema).every(
    ({ properties, additionalProperties }) =>
      additionalProperties !== false && (!isObject(properties) || Object.keys(properties).length === 0),
  )
}

function schemasAt(schema: unknown, path: Path): unknown[] {
  // What a list holds without a name is the list's own.
  const steps = path.slice(0, path.findLastIndex((step) => step !== null) + 1)
  let found: unknown[] = [schema]
  for (const step of steps) {
    found = sameAs(found, schema).flatMap((each) => (step === null ? [each.items].flat() : memberOf(each, step)))
  }
  return found
}

/** Schemas with all that they are put together from. */
function sameAs(schemas: readonly unknown[], root: unknown): Schema[] {
  const all = new Set(schemas.filter(isObject))
  for (const { allOf, anyOf, oneOf, $ref } of all) {
    for (const each of [allOf, anyOf, oneOf, referred($ref, root)].flat()) if (isObject(each)) all.add(each)
  }
  return [...all]
}

function memberOf({ properties }: Schema, name: string): unknown[] {
  const named = isObject(properties) && Object.hasOwn(properties, name) && properties[name] !== false
  return named ? [properties[name]] : []
}

/** What a `$ref` into the same schema means. */
function referred(ref: unknown, root: unknown): unknown {
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return undefined
  let found = root
  for (const part of ref.slice(2).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined
  }
  return found
}

const closedTypes = new Set<unknown>(['number', 'integer', 'boolean', 'null'])

/**
 * The arguments in which a JSON Schema leaves room for any text, and whether each may be text itself; null when they cannot be
 * told from its names.
 */
export function openArguments(schema: unknown): { name: string; isText: boolean }[] | null {
  if (!isObject(schema) || !isObject(schema.properties)) return null
  if (['allOf', 'anyOf', 'oneOf', '$ref', 'patternProperties'].some((word) => schema[word] !== undefined)) return null
  const open = Object.entries(schema.properties).filter(([, property]) => !isClosed(property))
  return open.map(([name, property]) => ({ name, isText: takesText(property) }))
}

function isClosed(schema: unknown): boolean {
  if (!isObject(schema)) return schema === false
  if (schema.enum !== undefined || schema.const !== undefined) return true
  const types = [schema.type ?? []].flat()
  if (types.length > 0) return types.every((type) => closedTypes.has(type))
  const ways = [schema.anyOf ?? schema.oneOf ?? []].flat()
  return ways.length > 0 && ways.every(isClosed)
}

function takesText(schema: unknown): boolean {
  if (!isObject(schema)) return false
  return [schema.type].flat().includes('string') || [schema.anyOf, schema.oneOf].flat().some(takesText)
}
