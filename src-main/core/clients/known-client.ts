import type { HookingClient } from '../../../shared/hooked-tools.ts'
import type { ConfigFormat, Place } from './documents/document.ts'

/** Where a machine keeps things; of another home folder too, which tests and `--home` use. */
export type Machine = {
  platform: NodeJS.Platform
  home: string
  /** `%APPDATA%`, `~/Library/Application Support` or `$XDG_CONFIG_HOME`: where applications keep their settings. */
  settings: string
  /** Where administrators of the machine put settings for everybody: `/etc`, `/Library/Application Support` or `C:\\Program Files`. */
  system: string
  /** Folders of projects whose own configurations are looked at too. */
  projects: readonly string[]
  /** Of the environment, only what moves configurations, such as `CODEX_HOME`. */
  moved: (variable: string) => string | null
}

/** How an entry of a client's configuration says what server it is: names of keys, in the order in which they are looked for. */
export type EntryShape = {
  command: string
  /** Null: `command` is a list, the program first. */
  args: string | null
  env: string
  /** Keys that bring variables from elsewhere, as from a file: they go. */
  envFrom: readonly string[]
  cwd: string | null
  url: readonly string[]
  headers: readonly string[]
  /** The key that names the transport, and what it says of a program; `must`: the client needs it. */
  transport: { key: string; stdio: string; must: boolean } | null
  /** Keys that mean something for a server over HTTP alone, or for a program of the old kind: they go. */
  drop: readonly string[]
  /** The key that switches an entry off, and the value that it then has. */
  off: { key: string; value: boolean } | null
}

/** One file, and where in it servers are. `*` as a step stands for every key of a map, as for projects in one file. */
export type ConfigFile = {
  path: string
  scope: 'user' | 'project'
  format: ConfigFormat
  servers: readonly Place[]
  shape: EntryShape
  /** In a list the name of an entry is one of its keys. */
  named: string | null
}

/** A list in which a client's hooks stand, and what stands in it for one that runs `command`. */
export type HookList = { at: Place; element: (command: string) => unknown }

/** How a client asks a program before it runs a tool of its own. */
export type ClientHooks = {
  id: HookingClient
  file: (machine: Machine) => ConfigFile
  lists: readonly HookList[]
  /** What else a file that is made for them must say. */
  more: readonly { key: string; value: unknown }[]
  /** What asking cannot promise, in words for people. */
  limits: string
}

/** How long a client waits for its hook: until a person has answered, so as long as the least patient of them allows (s). */
export const hookTimeoutSec = 600

/** Something that a client reads and Toolgate does not change. */
export type OutOfReach = {
  path: string
  /** What is there: a file with servers, a folder of extensions, or a file of policies. */
  holds: 'servers' | 'extensions' | 'policies'
  /** Why it is left alone, and what a person can do. */
  why: string
}

/** An AI client: one file in `known/` each. */
export type KnownClient = {
  id: string
  name: string
  /** All that could be there; whoever asks looks which are. */
  files: (machine: Machine) => ConfigFile[]
  /** Folders or files that show that the client is installed though no configuration is there yet. */
  traces: (machine: Machine) => string[]
  /** References that the client fills in as it starts a server, such as `${env:TOKEN}`. */
  variables: RegExp
  /** What a person does so that a change counts. */
  apply: string
  /** Whether the client notices a change by itself. */
  restarts: 'reads its file anew' | 'needs a restart'
  hooks?: ClientHooks
  beyond?: (machine: Machine) => OutOfReach[]
}

/** The shape that most clients share. */
export const usualShape: EntryShape = {
  ...{ command: 'command', args: 'args', env: 'env', envFrom: [], cwd: 'cwd' },
  ...{ url: ['url'], headers: ['headers'] },
  transport: { key: 'type', stdio: 'stdio', must: false },
  drop: [],
  off: null,
}

/** Map of servers under one key of a JSON file, in the usual shape but for what `rest` says. */
export function jsonFile(
  path: string,
  scope: ConfigFile['scope'],
  rest: Partial<ConfigFile> & { at?: string; entry?: Partial<EntryShape> } = {},
): ConfigFile {
  const { at = 'mcpServers', entry, ...other } = rest
  return { path, scope, format: 'json', servers: [[at]], shape: { ...usualShape, ...entry }, named: null, ...other }
}

/** `${env:NAME}` and other references in the style of VS Code. */
export const codeVariables = /\$\{(?:env:|input:|workspaceFolder|userHome|pathSeparator|command:|config:|\/)[^}]*\}/
/** `${NAME}` or `${NAME:-else}`, in the style of a shell, and plain `$NAME` where `dollar` clients fill it in. */
export const shellVariables = /\$\{[A-Za-z_]\w*(?::-[^}]*)?\}/
/** Also without braces. */
export const dollarVariables = /\$\{?[A-Za-z_]\w*/
/** The client fills in nothing. */
export const noVariables = /(?!)/
