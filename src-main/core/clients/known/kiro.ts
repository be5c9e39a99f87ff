import { join } from 'node:path'
import { jsonFile, type KnownClient, shellVariables } from '../known-client.ts'

const entry = { off: { key: 'disabled', value: true } }

/** Kiro, of this user and of projects. */
export const kiro: KnownClient = {
  id: 'kiro',
  name: 'Kiro',
  files: ({ home, projects }) => [
    jsonFile(join(home, '.kiro', 'settings', 'mcp.json'), 'user', { entry }),
    ...projects.map((project) => jsonFile(join(project, '.kiro', 'settings', 'mcp.json'), 'project', { entry })),
  ],
  traces: ({ home }) => [join(home, '.kiro')],
  variables: shellVariables,
  apply: 'nothing: Kiro reads its file as it changes',
  restarts: 'reads its file anew',
}
