import { join } from 'node:path'
import { jsonFile, type KnownClient, noVariables } from '../known-client.ts'

/** JetBrains' AI Assistant keeps its servers in the settings of the editor; Junie and Air read files. */
export const junie: KnownClient = {
  id: 'junie',
  name: 'JetBrains Junie',
  files: ({ home, projects }) => [
    jsonFile(join(home, '.junie', 'mcp', 'mcp.json'), 'user'),
    ...projects.flatMap((project) => [
      jsonFile(join(project, '.junie', 'mcp', 'mcp.json'), 'project'),
      jsonFile(join(project, '.air', 'mcp.json'), 'project'),
    ]),
  ],
  traces: ({ home }) => [join(home, '.junie')],
  variables: noVariables,
  apply: 'restart the editor in which Junie runs',
  restarts: 'needs a restart',
}
