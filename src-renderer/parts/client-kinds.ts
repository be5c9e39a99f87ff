/** An AI client: where its configuration lies and how it writes down a server. Sources: each client's own manual. */
export type ClientKind = {
  id: string
  name: string
  /** Files, most usual first; `system` when it depends on the machine. */
  files: readonly { system: string | null; path: string }[]
  /** What a server that is reached over HTTP looks like there; null when the client cannot reach one on this machine. */
  http: ((server: string, url: string) => string) | null
  /** The key of the file below which servers stand. */
  key: 'mcpServers' | 'servers'
  /** How it takes notice of a change. */
  after: string
}

/** Stands for the bearer token in every snippet: the token itself is shown once, on the approval page. */
export const tokenPlace = '<token>'

const headers = { Authorization: `Bearer ${tokenPlace}` }
const json = (value: unknown) => JSON.stringify(value, null, 2)

/** The clients that most people use, and any other. */
export const clientKinds: readonly ClientKind[] = [
  {
    id: 'cursor',
    name: 'Cursor',
    files: [{ system: null, path: '~/.cursor/mcp.json' }],
    http: (server, url) => json({ mcpServers: { [server]: { url, headers } } }),
    key: 'mcpServers',
    after: 'Cursor reads the file again by itself; the server appears under Settings, MCP.',
  },
  {
    id: 'claude-code',
    name: 'Claude Code',
    files: [{ system: null, path: '~/.claude.json' }],
    http: (server, url) => json({ mcpServers: { [server]: { type: 'http', url, headers } } }),
    key: 'mcpServers',
    after: 'Start Claude Code anew; /mcp lists the server.',
  },
  {
    id: 'vscode',
    name: 'VS Code',
    files: [{ system: 'in a workspace', path: '.vscode/mcp.json' }],
    http: (server, url) => json({ servers: { [server]: { type: 'http', url, headers } } }),
    key: 'servers',
    after: 'VS Code shows Start above the server in the file.',
  },
  {
    id: 'claude-desktop',
    name: 'Claude Desktop',
    files: [
      { system: 'macOS', path: '~/Library/Application Support/Claude/claude_desktop_config.json' },
      { system: 'Windows', path: '%APPDATA%\\Claude\\claude_desktop_config.json' },
      { system: 'Linux', path: '~/.config/Claude/claude_desktop_config.json' },
    ],
    http: null,
    key: 'mcpServers',
    after: 'Quit Claude Desktop and open it again.',
  },
  {
    id: 'other',
    name: 'Another client',
    files: [],
    http: (server, url) => json({ mcpServers: { [server]: { type: 'http', url, headers } } }),
    key: 'mcpServers',
    after: 'Most clients want to be started anew.',
  },
]
