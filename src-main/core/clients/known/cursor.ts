import { join } from 'node:path'
import { type ClientHooks, codeVariables, hookTimeoutSec, jsonFile, type KnownClient } from '../known-client.ts'

const entry = { drop: ['auth'], envFrom: ['envFile'] }

const asked = (command: string) => ({ command, timeout: hookTimeoutSec, failClosed: true })

/** cursor.com/docs/hooks. */
const hooks: ClientHooks = {
  id: 'cursor',
  file: ({ home }) => jsonFile(join(home, '.cursor', 'hooks.json'), 'user', { servers: [] }),
  lists: [
    { at: ['hooks', 'beforeShellExecution'], element: asked },
    { at: ['hooks', 'beforeReadFile'], element: asked },
    { at: ['hooks', 'preToolUse'], element: (command) => ({ ...asked(command), matcher: 'Write|Delete' }) },
  ],
  more: [{ key: 'version', value: 1 }],
  limits:
    'Cursor itself asks, so an older version that does not know a hook gets around it; what a command starts, and completions as you type, are not seen',
}

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
  hooks,
}
