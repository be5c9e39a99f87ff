import { join } from 'node:path'
import { jsonFile, type KnownClient } from '../known-client.ts'

const rest = {
  /** The newer layout keeps servers one step deeper. */
  servers: [['mcp'], ['mcp', 'servers']],
  entry: {
    ...{ args: null, env: 'environment', cwd: null },
    transport: { key: 'type', stdio: 'local', must: true },
    drop: ['oauth'],
    off: { key: 'enabled', value: false },
  },
}

/** OpenCode, whose command is one list; two layouts, in two files of which either may be there. */
export const opencode: KnownClient = {
  id: 'opencode',
  name: 'OpenCode',
  files: ({ home, projects }) =>
    ['opencode.jsonc', 'opencode.json'].flatMap((name) => [
      jsonFile(join(home, '.config', 'opencode', name), 'user', rest),
      ...projects.map((project) => jsonFile(join(project, name), 'project', rest)),
    ]),
  traces: ({ home }) => [join(home, '.config', 'opencode')],
  variables: /\{(?:env|file):[^}]*\}/,
  apply: 'start OpenCode again',
  restarts: 'needs a restart',
}
