import { join } from 'node:path'
import { type ConfigFile, jsonFile, type KnownClient, shellVariables } from '../known-client.ts'

const entry = { drop: ['oauth', 'headersHelper'] }
/** Of the user, and of each project that the same file names. */
const servers: ConfigFile['servers'] = [['mcpServers'], ['projects', '*', 'mcpServers']]

/** Claude Code; `managed-mcp.json` of an administrator is not ours to change. */
export const claudeCode: KnownClient = {
  id: 'claude-code',
  name: 'Claude Code',
  files: ({ home, projects }) => [
    jsonFile(join(home, '.claude.json'), 'user', { servers, entry }),
    ...projects.map((project) => jsonFile(join(project, '.mcp.json'), 'project', { entry })),
  ],
  traces: ({ home }) => [join(home, '.claude')],
  variables: shellVariables,
  apply: 'end running sessions of Claude Code and start it again',
  restarts: 'needs a restart',
}
