import type { ServerResponse } from 'node:http'
import { oauthHeaders } from './wait-page.ts'

/** Answers with JSON, unless an answer began already or its reader is gone. */
export function sendJson(res: ServerResponse, status: number, value: object): void {
  if (res.headersSent || res.destroyed) return
  const bytes = Buffer.from(JSON.stringify(value))
  res.writeHead(status, {
    ...oauthHeaders,
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...(status === 429 ? { 'retry-after': '60' } : {}),
    // What is left of a body that is too long is not read.
    ...(status === 413 ? { connection: 'close' } : {}),
  })
  res.end(bytes)
}

/** Answers with an error of OAuth, in its words and in ours. */
export function sendError(res: ServerResponse, status: number, error: string, error_description: string): void {
  sendJson(res, status, { error, error_description })
}
