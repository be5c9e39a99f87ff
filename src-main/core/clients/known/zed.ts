import { join } from 'node:path'
import { jsonFile, type KnownClient, noVariables } from '../known-client.ts'

const rest = {
  at: 'context_servers',
  entry: {
    transport: { key: 'source', stdio: 'custom', must: true },
    drop: ['type', 'settings'],
    off: { key: 'enabled', value: false },
  },
}

/** Zed, whose servers are a part of its settings. */
export const zed: KnownClient = {
  id: 'zed',
  name: 'Zed',
  files: ({ platform, home, settings, projects }) => [
    jsonFile(
      join(platform === 'win32' ? join(settings, 'Zed') : join(home, '.config', 'zed'), 'settings.json'),
      'user',
      rest,
    ),
    ...(platform === 'darwin' ? [jsonFile(join(settings, 'Zed', 'settings.json'), 'user', rest)] : []),
    ...projects.map((project) => jsonFile(join(project, '.zed', 'settings.json'), 'project', rest)),
  ],
  traces: ({ platform, home, settings }) => [
    platform === 'win32' ? join(settings, 'Zed') : join(home, '.config', 'zed'),
  ],
  variables: noVariables,
  apply: 'nothing: Zed reads its settings as they change',
  restarts: 'reads its file anew',
}
