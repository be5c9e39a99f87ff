import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Message, metaOf, paramsOf } from '../json/message.ts'
import { decodeHeader, nameSources, paramMismatch } from '../json/routing-headers.ts'
import type { ToolDefinition } from '../registry/definition.ts'
import { headerOf } from './exchange.ts'

/** The only version of the stateless generation so far. */
export const modernVersion = '2026-07-28'

/** Reserved members of `params._meta` (MCP 2026-07-28, basic, `_meta`). */
const versionKey = 'io.modelcontextprotocol/protocolVersion'
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'

/** A JSON-RPC error as this generation words it, with the status that belongs to it. */
export type Rejection = { status: number; code: number; message: string; data?: unknown }

const invalidParams = (message: string): Rejection => ({ status: 400, code: -32602, message })
const mismatch = (message: string): Rejection => ({ status: 400, code: -32020, message: `Header mismatch: ${message}` })
const unsupported = (requested: string, supported: readonly string[]): Rejection => ({
  ...{ status: 400, code: -32022, message: `Unsupported protocol version: ${requested}` },
  data: { supported, requested },
})

/** What a request says that its client can do, as text to compare; empty when it says nothing. */
export function capabilitiesOf(message: Message): string {
  const capabilities = metaOf(message)[capabilitiesKey]
  return capabilities === undefined ? '' : createHash('sha256').update(JSON.stringify(capabilities)).digest('hex')
}

/**
 * Whether a message speaks the stateless generation: it says so itself, or, when it says nothing, its header does.
 * `initialize` without a word of its own is the older generation's.
 */
export function isModern(message: Message, req: IncomingMessage): boolean {
  if (metaOf(message)[versionKey] !== undefined) return true
  return headerOf(req, 'mcp-protocol-version') === modernVersion
}

/**
 * What is wrong with a request of the stateless generation before its server is asked: its envelope, its version, and headers
 * that say other than the body does, which would let a proxy in between see another request (MCP 2026-07-28, transports). Null
 * when nothing is. `speaks`: the server speaks this generation; `olderVersions` are named when it does not. `tool`: its pinned definition.
 */
export function rejectionOf(
  message: Message,
  req: IncomingMessage,
  server: { speaks: boolean; olderVersions: readonly string[]; tool: (name: string) => ToolDefinition | undefined },
): Rejection | null {
  const meta = metaOf(message)
  const version = meta[versionKey]
  const said = headerOf(req, 'mcp-protocol-version')
  if (typeof version !== 'string') return invalidParams(`Invalid params: _meta needs ${versionKey}`)
  const capabilities = meta[capabilitiesKey]
  if (typeof capabilities !== 'object' || capabilities === null || Array.isArray(capabilities)) {
    return invalidParams(`Invalid params: _meta needs ${capabilitiesKey}`)
  }
  if (said === null) return mismatch('MCP-Protocol-Version is missing')
  if (said !== version) return mismatch(`MCP-Protocol-Version is \`${said}\`, the body says \`${version}\``)
  if (version !== modernVersion) return unsupported(version, server.speaks ? [modernVersion] : server.olderVersions)
  if (!server.speaks) return unsupported(version, server.olderVersions)
  return headerMismatch(message, req) ?? toolMismatch(message, req, server.tool)
}

function headerMismatch(message: Message, req: IncomingMessage): Rejection | null {
  const { method } = message
  const said = headerOf(req, 'mcp-method')
  if (said === null) return mismatch('Mcp-Method is missing')
  if (said !== method) return mismatch(`Mcp-Method is \`${said}\`, the body says \`${method}\``)
  const source = nameSources.get(method)
  const name = source === undefined ? undefined : paramsOf(message)[source]
  if (typeof name !== 'string') return null
  const named = headerOf(req, 'mcp-name')
  if (named === null) return mismatch('Mcp-Name is missing')
  const decoded = decodeHeader(named)
  if (decoded === null) return mismatch('Mcp-Name is not well-formed Base64')
  return decoded === name ? null : mismatch(`Mcp-Name is \`${decoded}\`, the body says \`${name}\``)
}

function toolMismatch(
  message: Message,
  req: IncomingMessage,
  tool: (name: string) => ToolDefinition | undefined,
): Rejection | null {
  const params = paramsOf(message)
  if (message.method !== 'tools/call' || typeof params.name !== 'string') return null
  const wrong = paramMismatch(tool(params.name)?.inputSchema, params.arguments, (name) => headerOf(req, name))
  return wrong === null ? null : mismatch(wrong)
}

/** The status of an answer that is not streamed (MCP 2026-07-28, transports, error handling). */
export function statusOf({ json }: Message): number {
  const { code } = (json.error ?? {}) as { code?: unknown }
  if (code === -32601) return 404
  return code === -32020 || code === -32021 || code === -32022 ? 400 : 200
}
