import { join } from 'node:path'
import { jsonFile, type KnownClient, shellVariables } from '../known-client.ts'

const entry = { cwd: 'working_directory' }

/** Warp, as docs.warp.dev/agents/capabilities/mcp has it; servers that were added in its settings alone lie in its own cloud. */
export const warp: KnownClient = {
  id: 'warp',
  name: 'Warp',
  files: ({ home, projects }) => [
    jsonFile(join(home, '.warp', '.mcp.json'), 'user', { entry }),
    ...projects.map((project) => jsonFile(join(project, '.warp', '.mcp.json'), 'project', { entry })),
  ],
  traces: ({ home, settings }) => [join(home, '.warp'), join(settings, 'warp-terminal')],
  variables: shellVariables,
  apply: 'start the server anew in Warp (Settings, Agents, MCP servers)',
  restarts: 'reads its file anew',
}
