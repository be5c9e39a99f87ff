import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallEntry, StoredEntry } from '../../shared/audit.ts'
import { startGateway } from './gateway.ts'
import type { RawClient } from './raw-client.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** What makes odd-server answer a request with this `result`. */
export function answering(result: object): { answer: string } {
  return { answer: base64(`{"jsonrpc":"2.0","id":@ID@,"result":${JSON.stringify(result)}}`) }
}

/** What makes odd-server send these messages before it answers. */
export function saying(...messages: object[]): { first: string[] } {
  return { first: messages.map((message) => base64(JSON.stringify({ jsonrpc: '2.0', ...message }))) }
}

/** A gateway with odd-server as `odd`, and what it needs to look at what came through. `modern`: of 2026-07-28. */
export async function startOdd(policy: string, { modern = false, http = false, hold_sec = 30 } = {}) {
  const gateway = await startGateway({ policy, settings: { hold_sec }, ...(http ? { http: { port: 0 } } : {}) })
  const log = join(gateway.folder, 'odd.log')
  await gateway.addServer('odd', 'odd-server', { ODD_LOG: log, ...(modern ? { ODD_MODERN: '1' } : {}) })
  return {
    gateway,
    async connect(): Promise<RawClient> {
      const client = gateway.connect('odd')
      if (!modern) await client.initialize()
      return client
    },
    /** The methods of the client's requests that reached the server, in order. */
    arrived(): string[] {
      if (!existsSync(log)) return []
      const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean)
      return lines
        .filter((line) => !line.includes('"toolgate-'))
        .map((line) => String(JSON.parse(line).method ?? 'answer'))
    },
    /** What came to the server whose text holds `part`. */
    got: (part: string) =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes(part)),
    /** The entries of the calls of one kind, oldest first. */
    calls: (kind: string) =>
      gateway
        .entries()
        .filter((entry): entry is StoredEntry & CallEntry => entry.kind === 'call' && entry.call_kind === kind),
    /** Puts other rules in force: tighter ones, since looser ones wait for a person. */
    rule: (text: string) => writeFileSync(join(gateway.paths.policy, 'rules.yaml'), text),
  }
}

/** Rules as one file. */
export function rulesOf(...rules: string[]): string {
  return `version: v1\nrules:\n${rules.map((rule) => `  - { ${rule} }\n`).join('')}`
}
