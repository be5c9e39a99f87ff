import { homedir, platform } from 'node:os'
import { join, sep } from 'node:path'
import type { Paths } from '../ports.ts'
import { comparable, realPath } from './paths.ts'

/** Configuration files of AI clients: whoever writes one decides what the client runs, so no governed tool may. */
function clientConfigurations(): string[] {
  const home = homedir()
  const support = platform() === 'darwin' ? join(home, 'Library/Application Support') : join(home, '.config')
  const files = [
    '.claude.json',
    '.claude/settings.json',
    '.cursor/mcp.json',
    '.codex/config.toml',
    '.gemini/settings.json',
  ]
  const deeper = [
    '.codeium/windsurf/mcp_config.json',
    '.copilot/mcp-config.json',
    '.kiro/settings/mcp.json',
    '.continue/config.yaml',
  ]
  const apps = [
    'Claude/claude_desktop_config.json',
    'Code/User/mcp.json',
    'zed/settings.json',
    'goose/config.yaml',
    'opencode/opencode.json',
  ]
  return [...[...files, ...deeper].map((name) => join(home, name)), ...apps.map((name) => join(support, name))]
}

/** Project files that name servers; protected wherever they lie. */
const projectConfigurations = [
  `${sep}.mcp.json`,
  `${sep}.cursor${sep}mcp.json`,
  `${sep}.vscode${sep}mcp.json`,
  `${sep}.codex${sep}config.toml`,
]

/**
 * Builds the check behind PROTECTED_PATH (contracts.md, "built in, not overridable"): the first of `paths` that lies in
 * Toolgate's profile or managed policy, is a client configuration, or, for a call that is not a read, contains one of them.
 */
export function protectedPaths(paths: Paths): (touched: readonly string[], readOnly: boolean) => string | null {
  const folders = [paths.profile, paths.managedPolicy, paths.run]
    .flatMap((path) => [path, realPath(path)])
    .map(comparable)
  const guarded = [
    ...new Set([
      ...folders,
      ...clientConfigurations()
        .flatMap((path) => [path, realPath(path)])
        .map(comparable),
    ]),
  ]
  const inside = (path: string, parent: string) =>
    path === parent || path.startsWith(parent.endsWith(sep) ? parent : parent + sep)
  return (touched, readOnly) =>
    touched.find((path) => {
      const text = comparable(path)
      if (guarded.some((target) => inside(text, target))) return true
      if (projectConfigurations.some((ending) => text.endsWith(comparable(ending)))) return true
      return !readOnly && guarded.some((target) => text !== sep && inside(target, text))
    }) ?? null
}
