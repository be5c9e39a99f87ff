import { filterTools } from '../../gateway/to-client.ts'
import { parseExact } from '../../json/exact.ts'
import { type Message, metaOf, paramsOf } from '../../json/message.ts'
import { encodeHeader, headersCanBeSent, nameSources, paramHeaders } from '../../json/routing-headers.ts'
import { textOf } from '../../json/spans.ts'
import { toolsOf } from '../../registry/definition.ts'

const versionKey = 'io.modelcontextprotocol/protocolVersion'
const modernVersion = '2026-07-28'
/** A server may list for ever; more schemas than this are not remembered. */
const mostSchemas = 10_000

/**
 * The headers of protocol 2026-07-28, derived from the body they go with (transports; SEP-2243). Which arguments are repeated
 * stands in the schemas of the tools, so lists of tools that pass by are remembered.
 */
export function createModernHeaders() {
  const schemas = new Map<string, unknown>()

  return {
    of(message: Message): Record<string, string> {
      const params = paramsOf(message)
      const version = metaOf(message)[versionKey]
      const method = message.method ?? ''
      const name = params[nameSources.get(method) ?? '']
      return {
        ...(method === 'tools/call' && typeof name === 'string'
          ? paramHeaders(schemas.get(name), argumentsOf(message))
          : {}),
        'mcp-protocol-version': typeof version === 'string' && /^[\w.-]{1,40}$/.test(version) ? version : modernVersion,
        'mcp-method': encodeHeader(method),
        ...(typeof name === 'string' ? { 'mcp-name': encodeHeader(name) } : {}),
      }
    },

    /** Takes in an answer to `tools/list`; gives it back without tools whose headers cannot be sent, which must be left out. */
    learn(answer: Message): Buffer {
      for (const tool of toolsOf(answer.json.result)) {
        if (schemas.size < mostSchemas || schemas.has(tool.name)) schemas.set(tool.name, tool.inputSchema)
      }
      const sendable = toolsOf(answer.json.result).every((tool) => headersCanBeSent(tool.inputSchema))
      return sendable ? answer.raw : filterTools(answer, (tool) => headersCanBeSent(tool.inputSchema))
    },
  }
}

/** The arguments of a call with numbers that no double holds as their own text, which is what a header must say. */
function argumentsOf({ raw, spans }: Message): unknown {
  const span = spans.get('params')
  return span ? (parseExact(textOf(raw, span)) as { arguments?: unknown }).arguments : undefined
}
