import { join } from 'node:path'
import { jsonFile, type KnownClient, noVariables } from '../known-client.ts'

/** LM Studio. */
export const lmStudio: KnownClient = {
  id: 'lm-studio',
  name: 'LM Studio',
  files: ({ home }) => [jsonFile(join(home, '.lmstudio', 'mcp.json'), 'user')],
  traces: ({ home }) => [join(home, '.lmstudio')],
  variables: noVariables,
  apply: 'nothing: LM Studio reads its file as it changes',
  restarts: 'reads its file anew',
}
