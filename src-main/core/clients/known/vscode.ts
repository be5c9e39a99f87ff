import { join } from 'node:path'
import { codeVariables, jsonFile, type KnownClient } from '../known-client.ts'

const rest = { at: 'servers', entry: { drop: ['oauth', 'sandboxEnabled', 'sandbox', 'dev'], envFrom: ['envFile'] } }

/** VS Code and its relatives differ in where they keep the settings of a user. */
function codeLike(id: string, name: string, folder: string, workspace: boolean): KnownClient {
  return {
    id,
    name,
    files: ({ settings, projects }) => [
      jsonFile(join(settings, folder, 'User', 'mcp.json'), 'user', rest),
      ...(workspace ? projects.map((project) => jsonFile(join(project, '.vscode', 'mcp.json'), 'project', rest)) : []),
    ],
    traces: ({ settings }) => [join(settings, folder, 'User')],
    variables: codeVariables,
    apply: `start the server anew in ${name} (command "MCP: List Servers")`,
    restarts: 'reads its file anew',
    // code.visualstudio.com/docs/setup/enterprise; on the other systems policies lie in no file that could be read.
    beyond: ({ platform, system }) =>
      platform === 'linux'
        ? [
            {
              path: join(system, id === 'vscodium' ? 'vscodium' : 'vscode', 'policy.json'),
              holds: 'policies',
              why: 'an administrator decides by policy which servers may be used: a server of Toolgate may need their consent',
            },
          ]
        : [],
  }
}

/** VS Code, of this user and of workspaces. */
export const vscode = codeLike('vscode', 'VS Code', 'Code', true)
/** VS Code Insiders; workspaces are those of VS Code. */
export const vscodeInsiders = codeLike('vscode-insiders', 'VS Code Insiders', 'Code - Insiders', false)
/** VSCodium; workspaces are those of VS Code. */
export const vscodium = codeLike('vscodium', 'VSCodium', 'VSCodium', false)
