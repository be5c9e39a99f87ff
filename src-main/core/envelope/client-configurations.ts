import { homedir } from 'node:os'
import { join } from 'node:path'
import { knownClients } from '../clients/known-clients.ts'
import { thisMachine } from '../clients/machine.ts'

/*
 * Configuration of AI clients: whoever writes it decides what the client runs and what it asks for, so no governed tool may.
 * What `toolgate clients` knows is the list; below it stands what else counts.
 */

/** What also decides what clients run or ask, and where a client that was moved was before. */
const inHome = ['.claude/settings.json', '.codex/config.toml', '.continue', '.cline/data/settings']

/** Of clients that keep to one place on each system: where others of their kind would. */
const inSettings = [
  'zed/settings.json',
  'Zed/settings.json',
  'goose/config.yaml',
  'Block/goose/config/config.yaml',
  'opencode/opencode.json',
  'opencode/opencode.jsonc',
]

/** What this user's clients read, absolute; folders that hold one of these must not be moved or deleted. */
export function clientConfigurations(): string[] {
  // Of the account, and of the HOME that servers are given where that is another.
  const machines = [thisMachine(null, []), thisMachine(homedir(), [])]
  const { XDG_CONFIG_HOME } = process.env
  const settingsFolders = machines.flatMap(({ home, settings }) => [join(home, '.config'), settings])
  const folders = [...settingsFolders, ...(XDG_CONFIG_HOME ? [XDG_CONFIG_HOME] : [])]
  const known = machines.flatMap((machine) =>
    folders.flatMap((settings) =>
      knownClients.flatMap(({ files, hooks }) => {
        const at = { ...machine, settings }
        return [...files(at), ...(hooks ? [hooks.file(at)] : [])].map(({ path }) => path)
      }),
    ),
  )
  const more = [
    ...machines.flatMap(({ home }) => inHome.map((name) => join(home, name))),
    ...folders.flatMap((folder) => inSettings.map((name) => join(folder, name))),
  ]
  return [...new Set([...known, ...more])]
}

const s = '[/\\\\]'
const anyOf = (names: readonly string[]) => new RegExp(`${s}(?:${names.join('|')})$`, 'i')

const configurationFile = anyOf([
  '\\.mcp\\.json',
  'managed-(?:mcp|settings)\\.json',
  'claude_desktop_config\\.json',
  '(?:cline_)?mcp_settings\\.json',
  'mcp[-_]config\\.json',
  'mcp-server-enablement\\.json',
  'opencode\\.jsonc?',
  '\\.claude\\.json',
  `\\.claude${s}settings(?:\\.local)?\\.json`,
  `\\.(?:cursor|vscode|air|lmstudio)${s}mcp\\.json`,
  `\\.(?:cursor|codex)${s}hooks\\.json`,
  `\\.kiro${s}settings${s}mcp\\.json`,
  `\\.?amazonq${s}(?:mcp|default)\\.json`,
  `\\.roo${s}mcp\\.json`,
  `\\.junie${s}mcp${s}mcp\\.json`,
  `\\.gemini${s}settings\\.json`,
  `\\.codex${s}config\\.toml`,
  `\\.?zed${s}settings\\.json`,
  `goose${s}(?:config${s})?config\\.ya?ml`,
  `User${s}(?:profiles${s}[^/\\\\]+${s})?mcp\\.json`,
])

/** True for files that name servers or lift a client's questions, wherever they lie: in projects, under other users or systems. */
export function isClientConfiguration(path: string): boolean {
  return configurationFile.test(path) || /[/\\]\.continue[/\\]/i.test(path)
}

/** Settings that are read by many tools and written by few: VS Code's can name servers and switch its questions off. */
export const settingsFile = anyOf([`\\.vscode${s}settings\\.json`, `Code[^/\\\\]*${s}User${s}settings\\.json`])

/** Folders that hold such files; to move, delete or replace one is to change what is in it. A name at the root is no project's. */
export const configurationFolder =
  /[^/\\][/\\](?:\.(?:cursor|vscode|claude|gemini|codex|zed|kiro|roo|junie|continue|air)|\.kiro[/\\]settings|\.junie[/\\]mcp)$/i
