import type { Input } from '../../shared/calls.ts'
import type { TrustLevel } from '../../shared/envelope.ts'

/** What a person filled in to register a server; `line` is the command line as typed. */
export type ServerDraft = {
  name: string
  line: string
  folder: string
  env: readonly { name: string; value: string }[]
  trust_level: TrustLevel
  environment: string
  tags: string
}

/** A form with nothing in it; a new server is trusted as little as can be worked with. */
export const emptyDraft: ServerDraft = {
  name: '',
  line: '',
  folder: '',
  env: [],
  trust_level: 'restricted',
  environment: 'unknown',
  tags: '',
}

/** The servers that a person can have without knowing a command; `files` wants a folder. */
export const readyServers = {
  files: ['npx', '-y', '@modelcontextprotocol/server-filesystem'],
  everything: ['npx', '-y', '@modelcontextprotocol/server-everything', 'stdio'],
} as const

/** The input of `servers.add` that a draft stands for, running exactly these words. */
export function serverInput(draft: ServerDraft, words: readonly string[]): Input<'servers.add'> {
  const [command = '', ...args] = words
  const variables = draft.env.filter(({ name }) => name.trim() !== '')
  return {
    name: draft.name.trim(),
    launch: {
      transport: 'stdio',
      command,
      args,
      env: Object.fromEntries(variables.map(({ name, value }) => [name.trim(), value])),
      cwd: draft.folder.trim(),
    },
    trust_level: draft.trust_level,
    environment: draft.environment.trim(),
    risk_tags: tagsOf(draft.tags),
  }
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
