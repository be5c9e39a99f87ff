import { join } from 'node:path'
import { jsonFile, type KnownClient, noVariables } from '../known-client.ts'

const entry = { off: { key: 'disabled', value: true } }

/** Amazon Q Developer, in editors and at the command line. */
export const amazonQ: KnownClient = {
  id: 'amazon-q',
  name: 'Amazon Q Developer',
  files: ({ home, projects }) => [
    jsonFile(join(home, '.aws', 'amazonq', 'mcp.json'), 'user', { entry }),
    jsonFile(join(home, '.aws', 'amazonq', 'default.json'), 'user', { entry }),
    ...projects.map((project) => jsonFile(join(project, '.amazonq', 'mcp.json'), 'project', { entry })),
  ],
  traces: ({ home }) => [join(home, '.aws', 'amazonq')],
  variables: noVariables,
  apply: 'start a new chat of Amazon Q',
  restarts: 'needs a restart',
}
