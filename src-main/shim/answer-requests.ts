import type { Readable, Writable } from 'node:stream'
import type { Failure } from './failure.ts'

/** Outside of the codes that JSON-RPC and MCP keep for themselves. */
const refusalCode = 40301
const lineLimit = 16 * 1024 * 1024

type Reviver = (this: object, key: string, value: unknown, context?: { source?: string }) => unknown
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown

/** Answers every request of the client with what went wrong, until the client's input ends. */
export function answerRequests(input: Readable, output: Writable, { code, message, hint }: Failure): void {
  const error = JSON.stringify({ code: refusalCode, message: `${message}; ${hint}`, data: { code, hint } })
  let parts: Buffer[] = []
  let size = 0
  const add = (part: Buffer): void => {
    size += part.length
    if (size <= lineLimit) parts.push(part)
    else parts = []
  }
  input.on('data', (chunk: Buffer) => {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end))
      for (const id of requestIds(Buffer.concat(parts).toString())) {
        output.write(`{"jsonrpc":"2.0","id":${id},"error":${error}}\n`)
      }
      parts = []
      size = 0
      start = end + 1
    }
    add(chunk.subarray(start))
  })
}

/** The ids of the requests in one line, each in the very text it came in: a number may be too big for this language. */
function requestIds(line: string): string[] {
  const ids = new Map<object, string>()
  let message: unknown
  try {
    message = parse(line, function (key, value, context) {
      if (key === 'id' && value !== null && typeof value !== 'object') {
        // Older runtimes do not give the source.
        ids.set(this, context?.source ?? JSON.stringify(value))
      }
      return value
    })
  } catch {
    return []
  }
  const messages: unknown[] = Array.isArray(message) ? message : [message]
  return messages.flatMap((request) => {
    const isRequest = typeof request === 'object' && request !== null && 'method' in request
    return (isRequest && ids.get(request)) || []
  })
}
