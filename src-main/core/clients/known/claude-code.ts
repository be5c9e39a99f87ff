import { join } from 'node:path'
import { hookedToolNames } from '../../../../shared/hooked-tools.ts'
import {
  type ClientHooks,
  type ConfigFile,
  hookTimeoutSec,
  jsonFile,
  type KnownClient,
  shellVariables,
} from '../known-client.ts'

const entry = { drop: ['oauth', 'headersHelper'] }
/** Of the user, and of each project that the same file names. */
const servers: ConfigFile['servers'] = [['mcpServers'], ['projects', '*', 'mcpServers']]

/** code.claude.com/docs/en/hooks; `onFailure` is known since 2.1.295, before which a hook that fails is passed over. */
const hooks: ClientHooks = {
  id: 'claude-code',
  file: ({ home }) => jsonFile(join(home, '.claude', 'settings.json'), 'user', { servers: [] }),
  lists: [
    {
      at: ['hooks', 'PreToolUse'],
      element: (command) => ({
        matcher: hookedToolNames('claude-code').join('|'),
        hooks: [{ type: 'command', command, timeout: hookTimeoutSec, onFailure: 'block' }],
      }),
    },
  ],
  more: [],
  limits:
    'Claude Code itself asks, so `disableAllHooks` or an older version that passes over a failing hook gets around it; what a command starts, and files named with @ in a prompt, are not seen',
}

/** Claude Code. */
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
  hooks,
  beyond: ({ platform, system }) => [
    {
      path: join(system, platform === 'linux' ? 'claude-code' : 'ClaudeCode', 'managed-mcp.json'),
      holds: 'servers',
      why: 'an administrator decides it for this machine: ask them to lead these servers through Toolgate',
    },
  ],
}
