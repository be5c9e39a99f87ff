import { Environment } from '@marcbachmann/cel-js'
import type { RE2JS } from 're2js'

/**
 * What a `when:` condition can talk about: the variables with their fields and types, and the functions. This table declares
 * the language to the type checker, and is what messages and suggestions are made from.
 */

/** Variables with fields, as in the envelope. Whole numbers are CEL ints, so that `risk.score > 70` means what it says. */
export const recordFields = {
  call: { id: 'string', method: 'string', kind: 'string', generation: 'string' },
  client: { id: 'string', name: 'string', identity: 'string' },
  user: { id: 'string', roles: 'list<string>' },
  server: { name: 'string', trust_level: 'string' },
  tool: {
    name: 'string',
    namespace: 'string',
    verb: 'string',
    module: 'string',
    action: 'string',
    classification: 'string',
    tier: 'int',
    tags: 'list<string>',
    fingerprint: 'string',
  },
  resource: { paths: 'list<string>', hosts: 'list<string>', uris: 'list<string>' },
  scopes: { held: 'list<string>', needed: 'list<string>', bounded: 'bool' },
  tenant: { client: 'string', server: 'list<string>' },
  risk: { score: 'int', factors: 'list<map<string, dyn>>' },
} as const satisfies Record<string, Record<string, string>>
export type RecordName = keyof typeof recordFields

const plainVariables = {
  args: 'map<string, dyn>',
  risk_tags: 'list<string>',
  environment: 'string',
  purpose: 'string',
  labels: 'map<string, string>',
} as const

/** Every name that a condition may begin with. */
export const variableNames: readonly string[] = [...Object.keys(recordFields), ...Object.keys(plainVariables)]

/**
 * The functions, by how they are called: `receiver.name(…)` or `name(…)`. An allow list, because the library's own set has
 * members that hang on hostile input (`matches`), that copy it without bound (`split`) or that repeat it in errors (`bool`).
 */
export const methods: Record<string, string> = {
  startsWith: 'text.startsWith(text)',
  endsWith: 'text.endsWith(text)',
  contains: 'text.contains(text)',
  lowerAscii: 'text.lowerAscii()',
  upperAscii: 'text.upperAscii()',
  trim: 'text.trim()',
  size: 'text.size() or list.size()',
  exists: 'list.exists(item, condition)',
  exists_one: 'list.exists_one(item, condition)',
  all: 'list.all(item, condition)',
  filter: 'list.filter(item, condition)',
  map: 'list.map(item, value)',
}
export const functions: Record<string, string> = {
  has: 'has(args.name)',
  size: 'size(text), size(list) or size(map)',
  int: 'int(number or text)',
  double: 'double(number or text)',
  string: 'string(number)',
  re: 're(text, "pattern")',
}
export const comprehensions: ReadonlySet<string> = new Set(['exists', 'exists_one', 'all', 'filter', 'map'])

/** One class per record variable: handing over instances spares the library a conversion at every access. */
export const recordClasses = Object.fromEntries(
  Object.keys(recordFields).map((name) => [name, class Picture {}]),
) as Record<RecordName, new () => object>

/** Structural limits of one condition; the size of what it reads is bounded in condition-picture.ts. */
const limits = { maxAstNodes: 500, maxDepth: 30, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 8 }

/** A pattern larger than this is refused at load: the work per character grows with it. */
export const largestPattern = 500

/** Characters times pattern size that all `re()` calls of one decision may spend together; about 20 ms at worst. */
export const patternBudget = 1_000_000

/** What regular expressions may still spend on the decision that is being made; refilled when its picture is made. */
export const patternMeter = { left: patternBudget }

/** All but the arguments, of which a single tool may know more than that they are a map. */
const withoutArguments = declare(new Environment({ limits }))
const base = withoutArguments.clone().registerVariable('args', plainVariables.args)

function declare(environment: Environment): Environment {
  for (const [name, fields] of Object.entries(recordFields)) {
    environment.registerType(name, { ctor: recordClasses[name as RecordName], fields })
    environment.registerVariable(name, name)
  }
  for (const [name, type] of Object.entries(plainVariables)) {
    if (name !== 'args') environment.registerVariable(name, type)
  }
  return environment
}

/** Arguments by name, with their types: nested ones are maps of their own. */
export type ArgumentTypes = { [name: string]: string | ArgumentTypes }

/** An environment that knows the arguments of one tool; conditions are checked in it and never evaluated. */
export function environmentFor(types: ArgumentTypes): Environment {
  const environment = withoutArguments.clone()
  environment.registerFunction('re(string, string): bool', () => false)
  return environment.registerVariable({ name: 'args', schema: types })
}

/** An environment to compile one set of conditions in, and the patterns of its `re()` calls, compiled as they are met. */
export type Language = { environment: Environment; patterns: Map<string, RE2JS> }

/** A fresh language, so that compiled patterns live no longer than the policy that uses them. */
export function createLanguage(): Language {
  const patterns = new Map<string, RE2JS>()
  const environment = base.clone()
  environment.registerFunction('re(string, string): bool', (text: string, pattern: string) => {
    const compiled = patterns.get(pattern)
    if (!compiled) throw new Error('the pattern was not compiled at load')
    patternMeter.left -= text.length * compiled.programSize()
    if (patternMeter.left < 0) throw new PatternBudgetSpent()
    return compiled.test(text)
  })
  return { environment, patterns }
}

/** Thrown inside `re()` when the regular expressions of one decision would take too long. */
export class PatternBudgetSpent extends Error {}
