import { launchWord } from '../../../shared/launch.ts'
import { looksLikeSql } from '../../say/code-tokens.ts'

/** One argument of a call in the form in which a person reads it best. Texts are exact; `json` is the text as it was sent. */
export type ArgumentPart =
  | { kind: 'short'; name: string; text: string; word: boolean }
  | { kind: 'text' | 'sql' | 'shell'; name: string; text: string }
  | { kind: 'edits'; name: string; edits: { before: string; after: string }[] }
  | { kind: 'json'; name: string; json: string }

const sqlNames = ['sql', 'query', 'statement']
const shellNames = ['command', 'cmd', 'script', 'commandline', 'command_line']
const editPairs = [
  ['oldText', 'newText'],
  ['old_text', 'new_text'],
  ['old_string', 'new_string'],
  ['old_str', 'new_str'],
  ['oldString', 'newString'],
  ['search', 'replace'],
] as const
const longestShort = 120
/** What is longer is neither tinted nor compared, in characters: it is shown as it is. */
const longestTinted = 20_000
const mostEdits = 20

/** The arguments of a call, the short ones first; null when they are no JSON object, and must be shown as they are. */
export function argumentParts(text: string): ArgumentPart[] | null {
  const members = membersOf(text)
  if (!members) return null
  const textIn = (name: string) => members.get(name)?.value
  const pair = editPairs.find(([before, after]) => isEdit({ before: textIn(before), after: textIn(after) }))
  const parts = [...members].flatMap(([name, member]): ArgumentPart[] => {
    if (pair?.[0] === name) {
      const edit = { before: String(member.value), after: String(members.get(pair[1])?.value) }
      return [{ kind: 'edits', name: `${pair[0]} → ${pair[1]}`, edits: [edit] }]
    }
    return pair?.[1] === name ? [] : [partOf(name, member)]
  })
  return [...parts.filter(({ kind }) => kind === 'short'), ...parts.filter(({ kind }) => kind !== 'short')]
}

type Member = { value: unknown; json: string }

function partOf(name: string, { value, json }: Member): ArgumentPart {
  if (typeof value === 'string' && value.length <= longestTinted) {
    if (sqlNames.includes(name) && (name === 'sql' || looksLikeSql(value))) return { kind: 'sql', name, text: value }
    if (shellNames.includes(name)) return { kind: 'shell', name, text: value }
  }
  if (typeof value === 'string') {
    if (value.length > longestShort || value.includes('\n')) return { kind: 'text', name, text: value }
    return { kind: 'short', name, text: value, word: false }
  }
  const edits = Array.isArray(value) ? editsOf(value) : null
  if (edits) return { kind: 'edits', name, edits }
  // Numbers as they were sent: a value that was parsed could have been rounded.
  if (typeof value !== 'object' || value === null) return { kind: 'short', name, text: json, word: true }
  return { kind: 'json', name, json }
}

/** The words of a program to run, as one line of shell, when an argument holds them in a list; else null. */
export function lineOfWords({ name, json }: { name: string; json: string }): string | null {
  if (![...shellNames, 'argv'].includes(name) || json.length > longestTinted) return null
  const value: unknown = JSON.parse(json)
  const words = Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : null
  return words?.map(launchWord).join(' ') ?? null
}

type Edit = { before: string; after: string }

function isEdit(edit: { before: unknown; after: unknown }): edit is Edit {
  const { before, after } = edit
  return typeof before === 'string' && typeof after === 'string' && before.length + after.length <= longestTinted
}

/** Pairs of texts, when there is nothing else in the list: what is not shown as an edit must be shown as it is. */
function editsOf(list: readonly unknown[]): Edit[] | null {
  if (list.length > mostEdits) return null
  const edits = list.map((item) => {
    const entries = Object.entries((item ?? {}) as Record<string, unknown>)
    const pair = editPairs.find((names) => names.every((name) => entries.some(([key]) => key === name)))
    const [before, after] = pair?.map((name) => entries.find(([key]) => key === name)?.[1]) ?? []
    const edit = { before, after }
    return entries.length === 2 && isEdit(edit) ? edit : null
  })
  return edits.length > 0 && edits.every((edit) => edit !== null) ? edits : null
}

const token = /\s*("(?:[^"\\]|\\[\s\S])*"|[{}[\],:]|[^\s{}[\],:"]+)/y

/** The members of a JSON object with their exact texts; null when the text is something else. */
function membersOf(text: string): Map<string, Member> | null {
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return null
  const members = new Map<string, Member>()
  let [depth, name, start] = [0, null as string | null, 0]
  token.lastIndex = 0
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const piece = found[1] ?? ''
    const at = token.lastIndex - piece.length
    const closes = piece === '}' || piece === ']'
    if (depth === 1 && name !== null && (piece === ',' || closes)) {
      members.set(name, { value: (whole as Record<string, unknown>)[name], json: text.slice(start, at).trim() })
      name = null
    } else if (depth === 1 && name === null && piece.startsWith('"')) name = String(JSON.parse(piece))
    else if (depth === 1 && piece === ':') start = token.lastIndex
    if (piece === '{' || piece === '[') depth += 1
    if (closes) depth -= 1
  }
  return members
}
