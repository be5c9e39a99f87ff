import type { TestGateway } from './gateway.ts'
import type { RawClient } from './raw-client.ts'

/** Reads run, and what servers ask of a client reaches it; writes of tools wait for a person, and nothing is destroyed. */
export const askingPolicy = `version: v1
rules:
  - { id: allow-reads, match: { labels: { mcp.action: read } }, decision: ALLOW }
  - { id: allow-sampling, match: { labels: { mcp.kind: sampling } }, decision: ALLOW }
  - { id: ask-writes, match: { labels: { mcp.action: write, mcp.kind: tool } }, decision: REQUIRE_APPROVAL, level: 1 }
  - { id: deny-destructive, match: { labels: { mcp.action: destructive } }, decision: DENY, reason: nothing is deleted here }
`

/** Registers and approves a server that offers what `offers` says; see `servers/mixed-server.mjs`. */
export function addMixed(gateway: TestGateway, name: string, offers: object, env: Record<string, string> = {}) {
  return gateway.addServer(name, 'mixed-server', { MIXED: JSON.stringify(offers), ...env })
}

/** A client that has said hello to all servers at once, through a real shim. */
export async function clientOfAll(gateway: TestGateway, options: string[] = ['--all']): Promise<RawClient> {
  const client = gateway.connect('', options)
  await client.initialize()
  return client
}

/** An item of a list. */
export type Listed = { name: string; description?: string; uri?: string; uriTemplate?: string; _meta?: object }

/** All pages of a list, and what each said besides. */
export async function listAll(client: Pick<RawClient, 'request'>, method: string, key: string) {
  const items: Listed[] = []
  const pages: Record<string, unknown>[] = []
  let cursor: unknown
  do {
    const answer = (await client.request(method, cursor === undefined ? {} : { cursor })) as {
      result?: Record<string, unknown>
    }
    const { [key]: listed, ...rest } = answer.result ?? {}
    items.push(...(listed as Listed[]))
    pages.push(rest)
    cursor = rest.nextCursor
  } while (cursor !== undefined)
  return { items, pages, names: items.map(({ name }) => name) }
}
