/** Clients whose own tools can be put under the same decision: before such a tool runs they ask a program, a hook. */
export const hookingClients = ['claude-code', 'cursor', 'codex'] as const
export type HookingClient = (typeof hookingClients)[number]

/** A tool that is built into a client. */
type HookedTool = {
  name: string
  says: string
  action: 'read' | 'write' | 'destructive'
  /** It reaches other machines. */
  open: boolean
  /** Arguments that must be there, all of them texts. */
  needs: readonly string[]
}

const tool = (name: string, action: HookedTool['action'], needs: readonly string[], says: string): HookedTool => ({
  ...{ name, action, needs, says },
  open: false,
})

const tools: Record<HookingClient, readonly HookedTool[]> = {
  // code.claude.com/docs/en/hooks, PreToolUse: names and inputs of the tools
  'claude-code': [
    { ...tool('Bash', 'destructive', ['command'], 'runs a command in the shell of this machine'), open: true },
    tool('Write', 'write', ['file_path'], 'writes a file'),
    tool('Edit', 'write', ['file_path'], 'changes a file'),
    tool('MultiEdit', 'write', ['file_path'], 'changes a file in several places'),
    tool('NotebookEdit', 'write', ['notebook_path'], 'changes a notebook'),
    tool('Read', 'read', ['file_path'], 'reads a file'),
    tool('Glob', 'read', ['pattern'], 'lists files'),
    tool('Grep', 'read', ['pattern'], 'looks for a text in files'),
    { ...tool('WebFetch', 'read', ['url'], 'reads a web page'), open: true },
    { ...tool('WebSearch', 'read', ['query'], 'searches the web'), open: true },
  ],
  // cursor.com/docs/hooks: beforeShellExecution, beforeReadFile, and preToolUse for what changes files
  cursor: [
    { ...tool('Shell', 'destructive', ['command'], 'runs a command in the shell of this machine'), open: true },
    tool('Write', 'write', [], 'writes a file'),
    tool('Delete', 'destructive', [], 'deletes a file'),
    tool('Read', 'read', ['file_path'], 'reads a file'),
  ],
  // openai/codex, codex-rs/hooks: PreToolUse of the shell and of patches
  codex: [
    { ...tool('Bash', 'destructive', ['command'], 'runs a command in the shell of this machine'), open: true },
    tool('apply_patch', 'write', [], 'changes files by a patch'),
  ],
}

/** Names of the tools of a client that its hook asks about. */
export const hookedToolNames = (client: HookingClient): string[] => tools[client].map(({ name }) => name)

/** The server as which the tools of a client are registered. */
export const hookedServerName = (client: HookingClient): string => `${client}-tools`

/** The tools of a client as their server defines them (MCP, `Tool`). */
export function hookedToolDefinitions(client: HookingClient): object[] {
  return tools[client].map(({ name, says, action, open, needs }) => ({
    name,
    description: `Built into the client, which ${says} itself once this call is allowed.`,
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries([...needs, 'cwd'].map((key) => [key, { type: 'string' }])),
      required: [...needs],
    },
    annotations: { readOnlyHint: action === 'read', destructiveHint: action === 'destructive', openWorldHint: open },
  }))
}
