import { join } from 'node:path'
import { codeVariables, jsonFile, type KnownClient } from '../known-client.ts'

const entry = { off: { key: 'disabled', value: true } }
const extension = ['User', 'globalStorage', 'rooveterinaryinc.roo-cline', 'settings', 'mcp_settings.json']

/** Roo Code, in each editor that it is an extension of, and of projects. */
export const rooCode: KnownClient = {
  id: 'roo-code',
  name: 'Roo Code',
  files: ({ settings, projects }) => [
    ...['Code', 'Code - Insiders', 'VSCodium', 'Cursor'].map((editor) =>
      jsonFile(join(settings, editor, ...extension), 'user', { entry }),
    ),
    ...projects.map((project) => jsonFile(join(project, '.roo', 'mcp.json'), 'project', { entry })),
  ],
  traces: () => [],
  variables: codeVariables,
  apply: 'nothing: Roo Code reads its file as it changes',
  restarts: 'reads its file anew',
}
