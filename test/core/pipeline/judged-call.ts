import { createRateLimits } from '../../../src-main/core/constraints/rate-limits.ts'
import { parseMessage } from '../../../src-main/core/json/message.ts'
import type { Deps, OpenCall } from '../../../src-main/core/pipeline/call.ts'
import { calledTool } from '../../../src-main/core/pipeline/subject.ts'
import { launchHash } from '../../../src-main/core/registry/server-record.ts'
import { snapshotOf } from '../policy/call.ts'

/** A policy of rules about the server `db`. */
export const policy = (...rules: string[]) =>
  snapshotOf(
    `version: v1\nrules:\n${rules.map((rule) => `  - { match: { labels: { mcp.server: db } }, ${rule} }\n`).join('')}`,
  )
export const reads = 'id: reads, decision: ALLOW_WITH_CONSTRAINTS, constraints: { read_only: true }'
export const denies = 'id: no, decision: DENY'

/** A call of a tool that takes SQL; `whileRead` happens each time that its SQL is read. */
export function callOf(whileRead: (world: World, times: number) => void) {
  const world = worldOf()
  let times = 0
  const raw = Buffer.from(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","arguments":{"sql":"SELECT 1"}}}',
  )
  const request = {
    ...{ ...calledTool(parseMessage(raw)), from: 'client', generation: 'legacy', serverName: 'db' },
    client: { id: 'c', name: 'Editor', identity: 'verified', tenant: '' },
    live: async () => world.live,
  }
  const check = async () => {
    whileRead(world, ++times)
    return { ok: true, tables: [], rowLimit: null, names: null }
  }
  const deps = {
    ...{ user: 'ada', clock: { now: () => 0, monotonic: () => 0 }, rates: createRateLimits({ monotonic: () => 0 }) },
    sql: { find: () => 'SELECT 1', check },
    snapshot: () => world.snapshot,
    registry: {
      find: () => world.server,
      compare: () => (world.server ? { state: 'reviewed', tool: world.tool } : null),
      unknown: { note: () => {} },
    },
    requests: {
      look: async () => ({ findings: [], paths: { paths: [], suspects: [], complete: true }, hosts: [], uris: [] }),
      takesTurns: () => false,
    },
    ...{ nearProtected: () => null, protectedPath: () => world.protected, history: { novelty: () => null } },
    ...{
      credentialOf: () => ({ kind: 'none', scopes: null }),
      clientRevoked: () => world.revoked,
      clientForeign: () => false,
    },
    ...{ haltOf: () => null, observe: { covers: () => false }, overrides: { covers: () => false } },
    confinement: { whyNot: () => null },
  }
  const open = { id: 'call-1', request, arrived: { volume: null, time: null } }
  return { world, times: () => times, deps: deps as unknown as Deps, open: open as unknown as OpenCall }
}

function worldOf() {
  const launch = { transport: 'stdio' as const, command: 'db', args: [], env: {}, cwd: '/' }
  const review = {
    name: 'query',
    action: 'read',
    classification: 'internal',
    tags: [],
    sql_argument: null,
    repeatable: false,
    fingerprint: 'f',
  }
  return {
    snapshot: policy(reads),
    server: {
      ...{ name: 'db', launch, approved_launch: launchHash(launch), drift: [] as string[], denied: [] },
      ...{ sql_dialect: 'sqlite', trust_level: 'trusted', environment: 'test', risk_tags: [] as string[] },
    } as { sql_dialect: string; drift: string[]; launch: object } | null,
    tool: { review, definition: { name: 'query', inputSchema: {} } },
    live: { name: 'query' },
    ...{ revoked: false, protected: null as string | null },
  }
}

/** What a call is judged in; a test changes it. */
export type World = ReturnType<typeof worldOf>
