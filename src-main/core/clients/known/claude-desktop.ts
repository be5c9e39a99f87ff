import { join } from 'node:path'
import { jsonFile, type KnownClient, noVariables } from '../known-client.ts'

/** Servers over HTTP are no part of its file; extensions (`.mcpb`) lie elsewhere. */
export const claudeDesktop: KnownClient = {
  id: 'claude-desktop',
  name: 'Claude Desktop',
  files: ({ settings }) => [jsonFile(join(settings, 'Claude', 'claude_desktop_config.json'), 'user')],
  traces: ({ settings }) => [join(settings, 'Claude')],
  variables: noVariables,
  apply: 'quit Claude Desktop altogether (also from the tray) and start it again',
  restarts: 'needs a restart',
  beyond: ({ settings }) => [
    {
      path: join(settings, 'Claude', 'Claude Extensions'),
      holds: 'extensions',
      why: 'extensions (.mcpb) run inside Claude Desktop, past Toolgate: remove one there and add its server to the configuration',
    },
  ],
}
