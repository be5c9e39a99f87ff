import { homedir, platform } from 'node:os'
import { join } from 'node:path'

/*
 * Configuration of AI clients: whoever writes it decides what the client runs and what it asks for, so no governed tool may.
 * The list follows each vendor's documentation; docs and tests name the clients.
 */

/** Folders in which clients of this machine keep their applications' settings. */
function settingsFolders(): string[] {
  const home = homedir()
  const system: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(home, 'Library/Application Support'),
    win32: process.env.APPDATA ?? join(home, 'AppData', 'Roaming'),
  }
  const own = system[platform()]
  const named = [process.env.XDG_CONFIG_HOME, own].flatMap((folder) => folder || [])
  return [join(home, '.config'), ...named]
}

const inHome = [
  '.claude.json',
  '.claude/settings.json',
  '.cursor/mcp.json',
  '.codex/config.toml',
  '.gemini/settings.json',
  '.codeium/windsurf/mcp_config.json',
  '.copilot/mcp-config.json',
  '.kiro/settings/mcp.json',
  '.continue',
  '.cline/data/settings',
  '.lmstudio/mcp.json',
]

const inSettings = [
  'Claude/claude_desktop_config.json',
  'Code/User/mcp.json',
  'Code - Insiders/User/mcp.json',
  'VSCodium/User/mcp.json',
  'zed/settings.json',
  'Zed/settings.json',
  'goose/config.yaml',
  'Block/goose/config/config.yaml',
  'opencode/opencode.json',
  'opencode/opencode.jsonc',
]

/** What this user's clients read, absolute; folders that hold one of these must not be moved or deleted. */
export function clientConfigurations(): string[] {
  const codexHome = process.env.CODEX_HOME ? [join(process.env.CODEX_HOME, 'config.toml')] : []
  return [
    ...inHome.map((name) => join(homedir(), name)),
    ...settingsFolders().flatMap((folder) => inSettings.map((name) => join(folder, name))),
    ...codexHome,
  ]
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
  `\\.kiro${s}settings${s}mcp\\.json`,
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
