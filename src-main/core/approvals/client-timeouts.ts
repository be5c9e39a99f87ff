/** How long a client waits for the answer to a call before it gives up. */
export type ClientTimeout = {
  seconds: number
  /** News of progress begins its wait anew, when it asked for them. */
  resets: boolean
}

/** A row: `clients` are names that a client calls itself or is entered under, in lower case; `source` is where the number is from. */
type Known = ClientTimeout & {
  clients: readonly string[]
  how: 'measured' | 'published' | 'reported'
  source: string
}

/**
 * What is known of clients. A client that is not here, such as Cursor, of which nobody says how long it waits, is held for
 * `hold_sec`; `client_timeouts` in the settings comes before every row. Where sources differ the shortest counts.
 */
export const knownTimeouts: readonly Known[] = [
  {
    ...{ clients: ['mcporter'], seconds: 60, resets: false, how: 'measured' },
    source:
      'mcporter 0.12.3: DEFAULT_CALL_TIMEOUT_MS, which is its maxTotalTimeout too; MCPORTER_CALL_TIMEOUT changes it',
  },
  {
    ...{ clients: ['inspector-cli', 'inspector-web', 'mcp-inspector', 'inspector'], seconds: 60, resets: true },
    ...{
      how: 'measured',
      source: 'MCP Inspector 2.12.0: resetTimeoutOnProgress is on unless its settings say otherwise',
    },
  },
  {
    ...{ clients: ['mcp-remote'], seconds: 60, resets: false, how: 'published' },
    source: 'mcp-remote 0.15.1: the default of the TypeScript SDK',
  },
  {
    ...{ clients: ['claude-ai', 'claude desktop'], seconds: 60, resets: false, how: 'reported' },
    source: 'anthropics/claude-code issues 22542 and 65643: about 60 s, in other versions 240 s',
  },
  {
    ...{ clients: ['claude-code', 'claude code'], seconds: 300, resets: true, how: 'reported' },
    source: 'vfarcic/dot-ai pull request 708: idle for 300 s, which progress resets; MCP_TOOL_TIMEOUT changes it',
  },
  {
    ...{ clients: ['codex-mcp-client', 'codex'], seconds: 60, resets: false, how: 'published' },
    source: 'Codex: `tool_timeout_sec` in its configuration, 60 by default',
  },
  {
    ...{
      clients: ['gemini-cli-mcp-client', 'gemini cli', 'gemini-cli'],
      seconds: 600,
      resets: false,
      how: 'published',
    },
    source: 'Gemini CLI: `timeout` of a server in its settings, 600,000 ms by default',
  },
  {
    ...{ clients: ['roo code', 'roo-code'], seconds: 60, resets: false, how: 'published' },
    source: 'Roo Code: `timeout` of a server, 60 s by default',
  },
]

/** The end of the name by which Gemini CLI names its servers apart, such as `gemini-cli-mcp-client-files`. */
const geminiPrefix = 'gemini-cli-mcp-client'

/** Overrides of a person, by name of a client or id of its entry: seconds, or also whether progress begins the wait anew. */
export type TimeoutOverrides = Readonly<Record<string, number | { seconds: number; resets?: boolean | undefined }>>

/**
 * How long the client waits that goes by `names`, the surest first (entry id, entry name, what it calls itself); null when nobody
 * knows. A claimed name only decides how long its own calls wait, so it may be believed.
 */
export function timeoutOf(names: readonly string[], overrides: TimeoutOverrides): ClientTimeout | null {
  const lower = names.map((name) => name.toLowerCase())
  const own = Object.entries(overrides).map(([name, said]) => [name.toLowerCase(), said] as const)
  for (const name of lower) {
    const said = own.find(([key]) => key === name)?.[1]
    if (said === undefined) continue
    const resets = rowOf(lower)?.resets ?? false
    return typeof said === 'number'
      ? { seconds: said, resets }
      : { seconds: said.seconds, resets: said.resets ?? resets }
  }
  const row = rowOf(lower)
  return row ? { seconds: row.seconds, resets: row.resets } : null
}

function rowOf(names: readonly string[]): Known | null {
  for (const name of names) {
    const plain = name.startsWith(geminiPrefix) ? geminiPrefix : name
    const row = knownTimeouts.find(({ clients }) => clients.includes(plain))
    if (row) return row
  }
  return null
}
