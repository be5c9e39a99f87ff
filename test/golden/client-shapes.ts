/** A reference that some clients fill in, not a template of ours. */
const ref = (name: string) => `$\{${name}}`

const usual = `{
  "mcpServers": {
    "files": {
      "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/ana/projects"],
      "env": { "API_TOKEN": "s3cret-token" }
    },
    "python": { "command": "uvx", "args": ["mcp-server-git"] }
  }
}
`

/** Files as each client writes or documents them, with what people do to them: comments, tabs, CRLF, a byte order mark, unicode. */
export const shapes: Record<string, readonly [string, ...string[]]> = {
  'claude-desktop': [usual, `\uFEFF${usual.replaceAll('\n', '\r\n')}`, JSON.stringify(JSON.parse(usual))],
  'claude-code': [
    `{
  "numStartups": 12,
  "userID": "a-b-c",
  "mcpServers": {
    "files": { "type": "stdio", "command": "npx", "args": ["-y", "server"], "env": {} },
    "web": { "type": "http", "url": "https://mcp.example.com/mcp", "headers": { "Authorization": "Bearer s3cret" } }
  },
  "projects": {
    "/home/ana/shop": {
      "allowedTools": [],
      "mcpServers": { "files": { "command": "/opt/files" }, "late": { "command": "x", "args": ["${ref('HOME:-/root')}"] } }
    },
    "/home/ana/дом 🙂": { "mcpServers": {} }
  }
}
`,
  ],
  cursor: [
    usual,
    `{
\t"mcpServers": {
\t\t// the newest
\t\t"files": { "command": "npx", "args": ["-y", "server"], "envFile": "${ref('workspaceFolder')}/.env", },
\t\t"web": { "url": "https://mcp.example.com/mcp", "headers": { "X-Key": "s3cret" } },
\t},
}
`,
  ],
  vscode: [
    `{
  // servers of this user
  "inputs": [{ "type": "promptString", "id": "key", "password": true }],
  "servers": {
    "files": { "type": "stdio", "command": "npx", "args": ["-y", "server"], "envFile": ".env" },
    "asks": { "type": "stdio", "command": "x", "env": { "KEY": "${ref('input:key')}" } },
    "web": { "type": "http", "url": "https://mcp.example.com/mcp", "headers": { "X-Key": "s3cret" } }
  }
}
`,
  ],
  'vscode-insiders': ['{"servers":{"a":{"command":"x"}}}'],
  vscodium: ['{"servers":{"a":{"type":"sse","url":"https://mcp.example.com/sse"}}}'],
  'copilot-cli': [
    `{
  "mcpServers": {
    "files": { "type": "local", "command": "npx", "args": ["-y", "server"], "tools": ["*"], "env": { "A": "b" } },
    "web": { "type": "http", "url": "https://mcp.example.com/mcp", "headers": {}, "tools": ["*"] }
  }
}
`,
  ],
  windsurf: [
    `{
  "mcpServers": {
    "files": { "command": "npx", "args": ["-y", "server"], "disabled": true },
    "web": { "serverUrl": "https://mcp.example.com/mcp", "headers": { "X-Key": "s3cret" }, "disabledTools": ["rm"] }
  }
}
`,
  ],
  zed: [
    `// Zed settings
{
  "theme": "One Dark", // dark
  "context_servers": {
    "files": { "source": "custom", "command": "npx", "args": ["-y", "server"], "env": { "A": "b" } },
    "web": { "url": "https://mcp.example.com/mcp", "headers": { "X-Key": "s3cret" }, "enabled": false },
  },
  "vim_mode": true,
}
`,
  ],
  codex: [
    `# Codex
model = "o4" # the best

[mcp_servers.files]
command = "npx"
args = ["-y", "server"] # how
startup_timeout_sec = 20
enabled_tools = ["read"]

[mcp_servers.files.env]
API_TOKEN = "s3cret"

[mcp_servers.web]
url = "https://mcp.example.com/mcp"
http_headers = { "X-Key" = "s3cret" }
enabled = false

[profiles.fast]
model = "o4-mini"
`,
    'mcp_servers = { files = { command = "npx", args = ["a"] } }\r\n# end\r\n',
  ],
  'gemini-cli': [
    `{
  "theme": "Default",
  "mcpServers": {
    "files": { "command": "npx", "args": ["-y", "server"], "timeout": 30000, "trust": true },
    "web": { "httpUrl": "https://mcp.example.com/mcp", "headers": { "X-Key": "s3cret" } },
    "sse": { "url": "https://mcp.example.com/sse" },
    "late": { "command": "x", "env": { "TOKEN": "$TOKEN" } }
  }
}
`,
  ],
  antigravity: ['{"mcpServers":{"web":{"serverUrl":"https://mcp.example.com/mcp","headers":{}},"a":{"command":"x"}}}'],
  cline: [
    `{
  "mcpServers": {
    "files": { "command": "npx", "args": [], "disabled": false, "autoApprove": ["read"], "timeout": 60 },
    "web": { "url": "https://mcp.example.com/mcp", "type": "streamableHttp", "headers": {}, "disabled": true }
  }
}
`,
  ],
  'roo-code': [
    '{"mcpServers":{"files":{"command":"npx","cwd":"/home/ana","alwaysAllow":["read"]},"web":{"type":"streamable-http","url":"https://mcp.example.com/mcp"}}}',
  ],
  continue: [
    `name: My assistant
version: 1.0.0
models: [] # none
mcpServers:
  # files
  - name: files
    command: npx
    args:
      - -y
      - server
    env:
      API_TOKEN: s3cret
  - name: web
    type: streamable-http
    url: https://mcp.example.com/mcp
`,
  ],
  junie: [usual],
  goose: [
    `GOOSE_MODEL: x
extensions:
  developer:
    type: builtin
    name: developer
    enabled: true
  files:
    # how
    type: stdio
    name: Files
    cmd: npx
    args: [-y, server]
    envs:
      API_TOKEN: s3cret
    env_keys: []
    timeout: 300
    enabled: false
  web:
    type: streamable_http
    uri: https://mcp.example.com/mcp
    headers: {}
    enabled: true
`,
  ],
  opencode: [
    `{
  "$schema": "https://opencode.ai/config.json",
  "mcp": {
    "files": { "type": "local", "command": ["npx", "-y", "server"], "environment": { "A": "b" }, "enabled": true },
    "web": { "type": "remote", "url": "https://mcp.example.com/mcp", "headers": { "X-Key": "s3cret" }, "enabled": false }, // off
  },
}
`,
    '{"mcp":{"servers":{"files":{"type":"local","command":["npx"]}}}}',
  ],
  kiro: [usual],
  'lm-studio': [usual],
  'amazon-q': [usual],
  warp: [
    `{
  // added by hand
  "mcpServers": {
    "files": { "command": "npx", "args": ["-y", "files"], "working_directory": "/srv", "start_on_launch": true },
    "far": { "url": "https://mcp.example.com/mcp", "headers": { "Authorization": "Bearer k" } },
    "filled": { "command": "npx", "env": { "KEY": "\${KEY}" } },
  },
}
`,
  ],
}
