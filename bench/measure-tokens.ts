import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccessTokens } from '../src-main/core/oauth/server/access-tokens.ts'
import { hashId } from '../src-main/core/oauth/server/hash-id.ts'
import { wayOf } from '../src-main/core/origins.ts'
import { openDatabase } from '../src-main/core/store/database.ts'
import { oauthTable } from '../src-main/core/store/oauth-tables.ts'
import { clientsTable } from '../src-main/core/store/registry-tables.ts'
import { quantile } from './statistics.ts'

/** Looking an access token up, as each request of an app does: how many apps and tokens there are, and microseconds. */
export type TokenTime = { clients: number; tokens: number; p50Us: number; p95Us: number }

const way = wayOf('127.0.0.1:4780', 4780, null)
const perClient = 10

/** Times the check of each token of `clients` apps with ten tokens each, in an order that repeats nothing. */
export function measureTokens(clients: number): TokenTime {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-tokens-'))
  const db = openDatabase(join(folder, 'toolgate.db'))
  try {
    const [table, known] = [oauthTable(db), clientsTable(db)]
    const tokens = db.transaction(() => Array.from({ length: clients }, (_, at) => givenTo(at, table, known)))()
    if (!way) throw new Error('this machine is a way in')
    const here = way
    const check = createAccessTokens({ table, clients: known, now: Date.now })
    const all = Array.from({ length: perClient }, (_, at) => tokens.map((own) => own[at] ?? '')).flat()
    for (const token of all) look(token)
    const times = all.map(look)
    return { clients, tokens: all.length, p50Us: quantile(times, 0.5) * 1000, p95Us: quantile(times, 0.95) * 1000 }

    function look(token: string): number {
      const began = performance.now()
      const verdict = check(`Bearer ${token}`, '/mcp/notes', here)
      const ms = performance.now() - began
      if (!('client' in verdict)) throw new Error('a token that is timed must be good')
      return ms
    }
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function givenTo(at: number, table: ReturnType<typeof oauthTable>, clients: ReturnType<typeof clientsTable>): string[] {
  const client = `client_${at}`
  clients.addForeign({ id: client, name: `app ${at}`, created_at: '2026-01-01', public_origin: null })
  table.putConsent(hashId(client), client, JSON.stringify({ lasting: true, tenant: null }))
  return Array.from({ length: perClient }, () => {
    const token = randomBytes(32).toString('base64url')
    table.put({
      ...{ model: 'AccessToken', key: hashId(token), client, grant_key: hashId(client), public_origin: null },
      body: JSON.stringify({ clientId: client, aud: 'http://127.0.0.1:4780/mcp', scope: 'mcp' }),
      expires_at: Math.floor(Date.now() / 1000) + 900,
    })
    return token
  })
}
