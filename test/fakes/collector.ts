import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import type { AuditReport, StoredEntry } from '../../shared/audit.ts'
import { built } from './built.ts'
import { testFolder } from './folder.ts'

/** One request that a collector got, whole. */
export type Post = { headers: IncomingMessage['headers']; method: string; path: string; body: string; at: number }

/** What a collector answers to a request; it keeps the lines when it answers with 2xx, or when it says `kept`. */
export type Answering = (post: Post, res: ServerResponse) => 'kept' | undefined

const takes: Answering = (_post, res) => {
  res.writeHead(204).end()
  return 'kept'
}

/**
 * A collector of records on this machine, that keeps what it was sent in the order in which it came, ended with the test. `answer` says
 * otherwise than that it takes everything.
 */
export async function startCollector(tls?: { key: Buffer; cert: Buffer }, port = 0) {
  const posts: Post[] = []
  let kept = ''
  const state = { answer: takes, busy: 0, mostBusy: 0 }
  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    state.busy += 1
    state.mostBusy = Math.max(state.mostBusy, state.busy)
    res
      .on('error', () => {})
      .on('close', () => {
        state.busy -= 1
      })
    const parts: Buffer[] = []
    try {
      for await (const part of req as AsyncIterable<Buffer>) parts.push(part)
    } catch {
      return
    }
    const body = Buffer.concat(parts).toString()
    const post = { headers: req.headers, method: req.method ?? '', path: req.url ?? '', body, at: performance.now() }
    posts.push(post)
    if (state.answer(post, res) === 'kept') kept += body
  }
  const server = tls ? createSecureServer(tls, handle) : createServer(handle)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const end = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(end)
  const { port: opened } = server.address() as AddressInfo
  const lines = () => kept.split('\n').slice(0, -1)
  return {
    posts,
    port: opened,
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${opened}/in`,
    end,
    lines,
    /** How many requests were open at the same time, at most. */
    mostBusy: () => state.mostBusy,
    /** Answers otherwise from now on; without anything as at first. */
    answers(answer: Answering = takes) {
      state.answer = answer
    },
    /** The records among the lines, each as often as it came. */
    records: (): StoredEntry[] => lines().flatMap((line) => recordIn(line)),
    /** What was received, checked by the program that does so, with nothing but this and the public key. */
    verify: (key: string, ...more: string[]) => verifyLines(lines(), key, ...more),
  }
}

function recordIn(line: string): StoredEntry[] {
  const { body } = JSON.parse(line) as { body?: string }
  return body === undefined ? [] : [JSON.parse(body) as StoredEntry]
}

/** The verdict of the separate verifier about lines that came from a stream. */
export async function verifyLines(lines: readonly string[], key: string, ...more: string[]): Promise<AuditReport> {
  const file = join(testFolder(), 'received.jsonl')
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  const args = [built.verify, '--stream', file, '--key', key, '--json', ...more]
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((error) => error)
  return JSON.parse(stdout) as AuditReport
}
