import type { z } from 'zod'
import { keyHelp } from './keys.ts'
import type { Complaint } from './problem.ts'
import { quote, quoteList } from './quote.ts'
import { keysOf, type MapKind } from './rule-file.ts'
import { nearest } from './suggest.ts'
import type { DataPath } from './yaml-source.ts'

/** A complaint about the data at `path`; with `key`, about that key of the map at `path`. */
export type DataComplaint = Complaint & { path: DataPath; key?: string }

/** What a schema issue means to a person, in words of the rule file format. Each unknown key is a complaint. */
export function describeIssue(issue: z.core.$ZodIssue, root: unknown): DataComplaint[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, mostKeys).map((key) => unknownKey(path, key))
  const name = path.findLast((step) => typeof step === 'string')
  if (name === undefined) return [notARuleFile(root)]
  const isRule = path.length === 2 && path[0] === 'rules'
  const help = isRule ? aRule : (keyHelp[name] ?? aRule)
  const example = `for example ${quote(help.example)}`
  const value = valueAt(root, path)
  const complaint = (message: string, suggestion = example) => [{ path, message, expected: help.expected, suggestion }]

  if (value === undefined) return complaint(`${quote(name)} is missing`)
  if (value === null) return complaint(`${quote(name)} has no value`)
  if (Array.isArray(value) && value.length === 0) return complaint(`${quote(name)} is empty`)
  if (issue.code === 'custom') return complaint(`${quote(String(value))}: ${issue.message}`)
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const meant = nearest(value, issue.values.map(String))
    if (meant) return complaint(`${quote(value)} is not a valid ${quote(name)}`, `did you mean ${quote(meant)}?`)
  }
  return complaint(`${shown(value)} is not a valid ${isRule ? 'rule' : quote(name)}`)
}

const mostKeys = 50

const aRule = { expected: 'a map with the keys of a rule', example: '- id: deny-shell' }

function notARuleFile(root: unknown): DataComplaint {
  return {
    path: [],
    message: root === null ? 'the file is empty' : `the file is ${shown(root)} where a map is needed`,
    expected: 'a map that starts with `version: v1` and has `rules:`',
    suggestion: 'start from the example in docs/policy.md, or remove the file',
  }
}

function unknownKey(path: DataPath, key: string): DataComplaint {
  const kind = kindAt(path)
  const known = keysOf[kind]
  const meant = nearest(key, known)
  return {
    path,
    key,
    message: `${quote(key)} is not a key of ${kind}`,
    expected: quoteList(known),
    suggestion: elsewhere(key) ?? (meant ? `did you mean ${quote(meant)}?` : 'remove it'),
  }
}

/** Where a key that is right in another place belongs. */
function elsewhere(key: string): string | null {
  if (key === 'mcp.deny_servers_not_in') return 'write `mcp:` and below it, indented, `deny_servers_not_in:`'
  if (['server', 'tool', 'action'].includes(key)) return `did you mean ${quote(`mcp.${key}`)} under \`labels\`?`
  const home = (Object.keys(keysOf) as MapKind[]).find((kind) => keysOf[kind].includes(key))
  return home ? `move it: ${quote(key)} is a key of ${home}` : null
}

function kindAt(path: DataPath): MapKind {
  // One of a list is of the same kind as one by itself.
  switch (path.findLast((step) => typeof step === 'string')) {
    case undefined:
      return 'a rule file'
    case 'match':
      return '`match`'
    case 'labels':
      return '`labels`'
    case 'mcp':
      return '`mcp`'
    case 'constraints':
      return '`constraints`'
    case 'rate_limit':
      return '`rate_limit`'
    default:
      return 'a rule'
  }
}

function valueAt(root: unknown, path: DataPath): unknown {
  let value = root
  for (const step of path) {
    // A single value that stands for a list of one is its own item.
    if (step === 0 && !Array.isArray(value)) continue
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return quote(String(value))
}
