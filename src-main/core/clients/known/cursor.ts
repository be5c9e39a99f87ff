import { join } from 'node:path'
import { codeVariables, jsonFile, type KnownClient } from '../known-client.ts'

const entry = { drop: ['auth', 'envFile'] }

/** Cursor; what is switched off there lies in a database of its own. */
export const cursor: KnownClient = {
  id: 'cursor',
  name: 'Cursor',
  files: ({ home, projects }) => [
    jsonFile(join(home, '.cursor', 'mcp.json'), 'user', { entry }),
    ...projects.map((project) => jsonFile(join(project, '.cursor', 'mcp.json'), 'project', { entry })),
  ],
  traces: ({ home, settings }) => [join(home, '.cursor'), join(settings, 'Cursor')],
  variables: codeVariables,
  apply: 'switch the server off and on again in Cursor’s settings, or restart Cursor',
  restarts: 'reads its file anew',
}
