import { join } from 'node:path'
import { jsonFile, type KnownClient, noVariables } from '../known-client.ts'

/** Google Antigravity, whose servers lie apart from those of the Gemini CLI. */
export const antigravity: KnownClient = {
  id: 'antigravity',
  name: 'Antigravity',
  files: ({ home }) => [
    jsonFile(join(home, '.gemini', 'config', 'mcp_config.json'), 'user', { entry: { url: ['serverUrl', 'url'] } }),
  ],
  traces: ({ home, settings }) => [join(home, '.gemini', 'config'), join(settings, 'Antigravity')],
  variables: noVariables,
  apply: 'press "Refresh" in Antigravity’s list of servers',
  restarts: 'reads its file anew',
}
