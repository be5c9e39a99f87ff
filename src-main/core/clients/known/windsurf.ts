import { join } from 'node:path'
import { codeVariables, jsonFile, type KnownClient } from '../known-client.ts'

const entry = { url: ['serverUrl', 'url'], off: { key: 'disabled', value: true } }

/** Windsurf and the Cascade plugin. */
export const windsurf: KnownClient = {
  id: 'windsurf',
  name: 'Windsurf',
  files: ({ home }) => [
    jsonFile(join(home, '.codeium', 'windsurf', 'mcp_config.json'), 'user', { entry }),
    jsonFile(join(home, '.codeium', 'mcp_config.json'), 'user', { entry }),
  ],
  traces: ({ home }) => [join(home, '.codeium')],
  variables: codeVariables,
  apply: 'press "Refresh" in Windsurf’s list of servers',
  restarts: 'reads its file anew',
}
