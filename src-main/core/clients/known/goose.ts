import { join } from 'node:path'
import { type KnownClient, noVariables, usualShape } from '../known-client.ts'

/** Goose: extensions in YAML, its own built-in ones among them. */
export const goose: KnownClient = {
  id: 'goose',
  name: 'Goose',
  files: ({ platform, home, settings }) => [
    {
      path:
        platform === 'win32'
          ? join(settings, 'Block', 'goose', 'config', 'config.yaml')
          : join(home, '.config', 'goose', 'config.yaml'),
      scope: 'user',
      format: 'yaml',
      servers: [['extensions']],
      shape: {
        ...usualShape,
        ...{ command: 'cmd', env: 'envs', url: ['uri'] },
        transport: { key: 'type', stdio: 'stdio', must: true },
        envFrom: ['env_keys'],
        off: { key: 'enabled', value: false },
      },
      named: null,
    },
  ],
  traces: ({ platform, home, settings }) => [
    platform === 'win32' ? join(settings, 'Block', 'goose') : join(home, '.config', 'goose'),
  ],
  variables: noVariables,
  apply: 'start a new session of Goose',
  restarts: 'needs a restart',
}
