import type { Input } from '../../shared/calls.ts'
import type { SqlDialect, TrustLevel } from '../../shared/envelope.ts'

/** What a person filled in to register a server; `line` is the command line as typed. */
export type ServerDraft = {
  name: string
  transport: 'stdio' | 'http'
  line: string
  url: string
  headers: readonly { name: string; value: string }[]
  folder: string
  env: readonly { name: string; value: string }[]
  trust_level: TrustLevel
  environment: string
  tags: string
  owner: string
  purpose: string
  dialect: SqlDialect | null
}

/** A form with nothing in it; a new server is trusted as little as can be worked with. */
export const emptyDraft: ServerDraft = {
  name: '',
  transport: 'stdio',
  line: '',
  url: '',
  headers: [],
  folder: '',
  env: [],
  trust_level: 'restricted',
  environment: 'unknown',
  tags: '',
  owner: '',
  purpose: '',
  dialect: null,
}

/** The servers that a person can have without knowing a command; `files` wants a folder. */
export const readyServers = {
  files: ['npx', '-y', '@modelcontextprotocol/server-filesystem'],
  everything: ['npx', '-y', '@modelcontextprotocol/server-everything', 'stdio'],
} as const

/** The input of `servers.add` that a draft stands for, running exactly these words unless it is reached at a URL. */
export function serverInput(draft: ServerDraft, words: readonly string[]): Input<'servers.add'> {
  return {
    name: draft.name.trim(),
    launch: draft.transport === 'http' ? addressOf(draft) : commandOf(draft, words),
    trust_level: draft.trust_level,
    environment: draft.environment.trim(),
    risk_tags: tagsOf(draft.tags),
    owner: draft.owner.trim(),
    purpose: draft.purpose.trim(),
    sql_dialect: draft.dialect,
  }
}

type Launch = Input<'servers.add'>['launch']

function commandOf({ env, folder }: ServerDraft, [command = '', ...args]: readonly string[]): Launch {
  return { transport: 'stdio', command, args, env: pairsOf(env), cwd: folder.trim() }
}

function addressOf({ url, headers }: ServerDraft): Launch {
  const given = Object.entries(pairsOf(headers)).map(([name, value]) => [name, value.trim()])
  return { transport: 'http', url: url.trim(), headers: Object.fromEntries(given) }
}

function pairsOf(rows: ServerDraft['env']): Record<string, string> {
  const named = rows.filter(({ name }) => name.trim() !== '')
  return Object.fromEntries(named.map(({ name, value }) => [name.trim(), value]))
}

/** Tags as a person types them: parted by commas or blanks, each once. */
function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((tag) => tag !== ''))]
}

/** The first name of this kind that no server has yet: `files`, `files-2`, … */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  let count = 2
  while (taken.includes(`${wanted}-${count}`)) count += 1
  return `${wanted}-${count}`
}
