import { join } from 'node:path'
import { type KnownClient, usualShape } from '../known-client.ts'

/** Continue: a list in YAML, where each server has its name inside. */
export const continueDev: KnownClient = {
  id: 'continue',
  name: 'Continue',
  files: ({ home }) => [
    {
      path: join(home, '.continue', 'config.yaml'),
      scope: 'user',
      format: 'yaml',
      servers: [['mcpServers']],
      shape: { ...usualShape, headers: ['headers'], drop: ['requestOptions'] },
      named: 'name',
    },
  ],
  traces: ({ home }) => [join(home, '.continue')],
  variables: /\$\{\{[^}]*\}\}/,
  apply: 'reload the window of the editor in which Continue runs',
  restarts: 'reads its file anew',
}
