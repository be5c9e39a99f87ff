import { isObject } from '../../../shared/is-object.ts'
import type { ArgumentTypes } from './condition-language.ts'

/** The schema of a tool's arguments as it was pinned in review (JSON Schema), or null when the tool is not known. */
export type ToolSchemas = (server: string, tool: string) => unknown

const deepest = 5
const mostNames = 500

/**
 * What a JSON Schema says about the arguments of a tool, in types of conditions. Null when it says nothing that could be relied on:
 * any other argument may come as well. `numbers`: what a number is taken for, since to conditions those of arguments are none
 * of their whole numbers.
 */
export function argumentTypes(schema: unknown, numbers: 'double' | 'dyn'): ArgumentTypes | null {
  return typesOf(schema, numbers, deepest)
}

/** Whether a schema rules out that an argument comes that it does not name. */
export function isClosed(schema: unknown): boolean {
  return isObject(schema) && schema.additionalProperties === false
}

function typesOf(schema: unknown, numbers: string, depth: number): ArgumentTypes | null {
  if (!isObject(schema) || !isObject(schema.properties) || depth === 0) return null
  // Draft 2020-12: other keywords can bring in names of their own.
  const open = ['patternProperties', 'allOf', 'anyOf', 'oneOf', '$ref', '$dynamicRef', 'if', 'dependentSchemas']
  if (open.some((keyword) => schema[keyword] !== undefined)) return null
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) return null
  const properties = Object.entries(schema.properties)
  if (properties.length === 0 || properties.length > mostNames) return null
  const types: ArgumentTypes = {}
  for (const [name, property] of properties) {
    if (name !== '__proto__') types[name] = typeOf(property, numbers, depth)
  }
  return types
}

function typeOf(schema: unknown, numbers: string, depth: number): string | ArgumentTypes {
  if (!isObject(schema) || ['allOf', 'anyOf', 'oneOf', '$ref', '$dynamicRef'].some((keyword) => schema[keyword]))
    return 'dyn'
  switch (schema.type) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
    case 'integer':
      return numbers
    case 'object':
      return typesOf(schema, numbers, depth - 1) ?? 'dyn'
    case 'array': {
      const item = typeOf(schema.items, numbers, 1)
      return `list<${typeof item === 'string' && !item.startsWith('list') ? item : 'dyn'}>`
    }
    default:
      return 'dyn'
  }
}
