/** The version of the stateless generation that is spoken to its servers and its clients. */
export const modernVersion = '2026-07-28'

/** Versions of the generation with sessions, newest first. */
export const legacyVersions: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07']

/** Reserved members of `_meta` (MCP 2026-07-28, basic, `_meta`). */
export const metaKeys = {
  version: 'io.modelcontextprotocol/protocolVersion',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
  client: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  server: 'io.modelcontextprotocol/serverInfo',
  subscription: 'io.modelcontextprotocol/subscriptionId',
} as const

/** Requests whose answer may ask for input first (MCP 2026-07-28, multi round-trip requests). */
export const mayAskForInput: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read'])

/** Requests whose results say how long and for whom they may be kept (MCP 2026-07-28, caching). */
export const cacheable: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
])

/** Severities of log messages, most severe last (RFC 5424). */
export const logLevels: readonly string[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]

/** How often a server may ask for more before it answers one request; the TypeScript SDK has the same limit. */
export const mostRounds = 10
/** How much a server may ask for at once. */
export const mostInputs = 16

/** Lines of JSON-RPC; ids, parameters and results are given as JSON text. */
export const lines = {
  request: (idText: string, method: string, params: string | null) =>
    Buffer.from(`{"jsonrpc":"2.0","id":${idText},"method":${JSON.stringify(method)}${given('params', params)}}`),
  notification: (method: string, params: string | null) =>
    Buffer.from(`{"jsonrpc":"2.0","method":${JSON.stringify(method)}${given('params', params)}}`),
  result: (idText: string, result: string) => Buffer.from(`{"jsonrpc":"2.0","id":${idText},"result":${result}}`),
  errorText: (idText: string, error: string) => Buffer.from(`{"jsonrpc":"2.0","id":${idText},"error":${error}}`),
  error: (idText: string, code: number, message: string, data?: unknown) =>
    lines.errorText(idText, JSON.stringify({ code, message, ...(data === undefined ? {} : { data }) })),
}

function given(key: string, text: string | null): string {
  return text === null ? '' : `,"${key}":${text}`
}

/** Codes that both generations have, and those that only the stateless one has (MCP 2026-07-28, error codes). */
export const codes = {
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  unsupportedVersion: -32022,
  /** Only before 2026-07-28: a resource that is not there, and a call that wants a page opened first. */
  resourceNotFound: -32002,
  urlElicitationRequired: -32042,
} as const
