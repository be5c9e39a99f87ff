import { join } from 'node:path'
import { jsonFile, type KnownClient, noVariables } from '../known-client.ts'

const entry = { off: { key: 'disabled', value: true } }
const extension = ['User', 'globalStorage', 'saoudrizwan.claude-dev', 'settings', 'cline_mcp_settings.json']

/** Cline, in each editor that it is an extension of, and at the command line. */
export const cline: KnownClient = {
  id: 'cline',
  name: 'Cline',
  files: ({ home, settings }) => [
    ...['Code', 'Code - Insiders', 'VSCodium', 'Cursor'].map((editor) =>
      jsonFile(join(settings, editor, ...extension), 'user', { entry }),
    ),
    jsonFile(join(home, '.cline', 'data', 'settings', 'cline_mcp_settings.json'), 'user', { entry }),
  ],
  traces: ({ home }) => [join(home, '.cline')],
  variables: noVariables,
  apply: 'nothing: Cline reads its file as it changes',
  restarts: 'reads its file anew',
}
