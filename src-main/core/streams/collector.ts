import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { Reach } from '../../../shared/server.ts'
import { checkAddress, lookupWithin } from '../upstream/http/address-guard.ts'
import { awaitAnswer, discard, failureOf } from '../upstream/http/await-answer.ts'

/** Until the headers of an answer, from when the request begins; whoever takes longer has it again. */
const answerMs = 30_000
const longestHeaders = 32 * 1024
/** Shorter than most servers keep an idle connection. */
const idleConnectionMs = 4_000

/** Where lines go: the address that a person gave, where its host may lead, and the header that goes with each request. */
export type Target = { url: string; reach: Reach; header: { name: string; value: string } | null }

/** What a collector said: its status, and after how many seconds (or when) it wants to be asked again. */
export type Said = { status: number; retryAfter: string | undefined }

/** Takes lines. `send` rejects with an `HttpFailure` when no answer came. */
export type Collector = { send: (body: Buffer, signal: AbortSignal) => Promise<Said>; close: () => void }

/**
 * Sends lines to a collector, one request after the other: connected to where its host led when it was added and nowhere else, over TLS that
 * must be right whatever the environment says, redirects not followed, the answer's body thrown away.
 */
export function openCollector({ url: text, reach, header }: Target): Collector {
  const url = new URL(text)
  const options = { keepAlive: true, maxSockets: 1, timeout: idleConnectionMs }
  // Taken only when it is needed: with it comes all of TLS.
  const https = url.protocol === 'https:' ? process.getBuiltinModule('node:https') : null
  const agent = https ? new https.Agent({ ...options, rejectUnauthorized: true }) : new HttpAgent(options)

  async function send(body: Buffer, signal: AbortSignal): Promise<Said> {
    try {
      checkAddress(url, [reach])
      const req = (https?.request ?? httpRequest)(url, {
        ...{ method: 'POST', agent, signal, maxHeaderSize: longestHeaders, lookup: lookupWithin([reach]) },
        headers: {
          ...(header ? { [header.name]: header.value } : {}),
          ...{ 'user-agent': 'toolgate', 'accept-encoding': 'identity' },
          ...{ 'content-type': 'application/x-ndjson', 'content-length': String(body.length) },
        },
      })
      const answer = awaitAnswer(req, answerMs)
      req.end(body)
      const res = await answer
      discard(res)
      return { status: res.statusCode ?? 0, retryAfter: res.headers['retry-after'] }
    } catch (error) {
      throw failureOf(error)
    }
  }

  return { send, close: () => agent.destroy() }
}
