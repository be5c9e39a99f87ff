import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccessTokens } from '../src-main/core/oauth/server/access-tokens.ts'
import { hashId } from '../src-main/core/oauth/server/hash-id.ts'
import { openDatabase } from '../src-main/core/store/database.ts'
import { oauthTable } from '../src-main/core/store/oauth-tables.ts'
import { clientsTable } from '../src-main/core/store/registry-tables.ts'
import { quantile } from './statistics.ts'

/** Looking an access token up, as each request of an app does: how many apps and tokens there are, and microseconds. */
export type TokenTime = { clients: number; tokens: number; p50Us: number; p95Us: number }

const port = 4780
const perClient = 10

/** Times the check of each token of `clients` apps with ten tokens each, in an order that repeats nothing. */
export function measureTokens(clients: number): TokenTime {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-tokens-'))
  const db = openDatabase(join(folder, 'toolgate.db'))
  try {
    const [table, known] = [oauthTable(db), clientsTable(db)]
    const tokens = db.transaction(() => Array.from({ length: clients }, (_, at) => givenTo(at, table, known)))()
    const check = createAccessTokens({ table, clients: known, now: Date.now })
    const all = Array.from({ length: perClient }, (_, at) => tokens.map((own) => own[at] ?? '')).flat()
    for (const token of all) look(token)
    const times = all.map(look)
    return { clients, tokens: all.length, p50Us: quantile(times, 0.5) * 1000, p95Us: quantile(times, 0.95) * 1000 }

    function look(token: string): number {
      const began = performance.now()
      const verdict = check(`Bearer ${token}`, '/mcp/notes', port)
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
  clients.addForeign({ id: client, name: `app ${at}`, created_at: '2026-01-01' })
  table.putConsent(hashId(client), client, JSON.stringify({ lasting: true, tenant: null }))
  return Array.from({ length: perClient }, () => {
    const token = randomBytes(32).toString('base64url')
    table.put({
      ...{ model: 'AccessToken', key: hashId(token), client, grant_key: hashId(client) },
      body: JSON.stringify({ clientId: client, aud: `http://127.0.0.1:${port}/mcp`, scope: 'mcp' }),
      expires_at: Math.floor(Date.now() / 1000) + 900,
    })
    return token
  })
}
