import { join } from 'node:path'
import { hookedToolNames } from '../../../../shared/hooked-tools.ts'
import {
  type ClientHooks,
  type ConfigFile,
  hookTimeoutSec,
  jsonFile,
  type KnownClient,
  type Machine,
  noVariables,
  usualShape,
} from '../known-client.ts'

const file = (folder: string, scope: ConfigFile['scope']): ConfigFile => ({
  path: join(folder, 'config.toml'),
  scope,
  format: 'toml',
  servers: [['mcp_servers']],
  shape: {
    ...usualShape,
    headers: ['http_headers'],
    transport: null,
    envFrom: ['env_vars'],
    drop: ['bearer_token_env_var', 'env_http_headers', 'headers'],
    off: { key: 'enabled', value: false },
  },
  named: null,
})

const folderOf = ({ home, moved }: Machine) => moved('CODEX_HOME') ?? join(home, '.codex')

/** openai/codex, codex-rs/hooks. */
const hooks: ClientHooks = {
  id: 'codex',
  file: (machine) => jsonFile(join(folderOf(machine), 'hooks.json'), 'user', { servers: [] }),
  lists: [
    {
      at: ['hooks', 'PreToolUse'],
      element: (command) => ({
        matcher: `^(${hookedToolNames('codex').join('|')})$`,
        hooks: [{ type: 'command', command, timeout: hookTimeoutSec }],
      }),
    },
  ],
  more: [],
  limits:
    'Codex itself asks, wants you to trust the hook once, and passes over a hook that cannot be started; its file and web tools ask nobody, and what a command starts is not seen',
}

/** Codex: its command line, app and extension read the same TOML. */
export const codex: KnownClient = {
  id: 'codex',
  name: 'Codex',
  files: (machine) => [
    file(folderOf(machine), 'user'),
    ...machine.projects.map((project) => file(join(project, '.codex'), 'project')),
  ],
  traces: (machine) => [folderOf(machine)],
  variables: noVariables,
  apply: 'start Codex again',
  restarts: 'needs a restart',
  hooks,
}
