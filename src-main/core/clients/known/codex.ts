import { join } from 'node:path'
import { type ConfigFile, type KnownClient, noVariables, usualShape } from '../known-client.ts'

const file = (folder: string, scope: ConfigFile['scope']): ConfigFile => ({
  path: join(folder, 'config.toml'),
  scope,
  format: 'toml',
  servers: [['mcp_servers']],
  shape: {
    ...usualShape,
    headers: ['http_headers'],
    transport: null,
    drop: ['env_vars', 'bearer_token_env_var', 'env_http_headers', 'headers'],
    off: { key: 'enabled', value: false },
  },
  named: null,
})

/** Codex: its command line, app and extension read the same TOML. */
export const codex: KnownClient = {
  id: 'codex',
  name: 'Codex',
  files: ({ home, projects, moved }) => [
    file(moved('CODEX_HOME') ?? join(home, '.codex'), 'user'),
    ...projects.map((project) => file(join(project, '.codex'), 'project')),
  ],
  traces: ({ home, moved }) => [moved('CODEX_HOME') ?? join(home, '.codex')],
  variables: noVariables,
  apply: 'start Codex again',
  restarts: 'needs a restart',
}
