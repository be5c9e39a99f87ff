import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { findBrowser, noBrowser, thisMachine } from '../../../scripts/setup/browser.mjs'
import { pin, startProduct } from '../../fakes/product.ts'
import type { Way } from './sdk.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** Everything runs, but for one call per server, by its tool or by what it asks for. */
const policy = `version: v1
rules:
  - id: all
    match: { labels: { mcp.server: "*" } }
    decision: ALLOW
    accept_risk: 100
  - id: not-this-tool
    match: { labels: { mcp.tool: [create_directory, delete_entities, create_table, git_tag] } }
    decision: DENY
  - id: not-this-statement
    match: { labels: { mcp.tool: execute_sql } }
    when: args.sql.contains("DROP")
    decision: DENY
  - id: not-this-page
    match: { labels: { mcp.tool: [browser_navigate, gzip-file-as-resource] } }
    when: has(args.url) && args.url.contains("/forbidden") || has(args.data) && args.data.contains("/forbidden")
    decision: DENY
`

/** Where peers act and their effects are looked at: a folder, a database, a repository, web pages; and the gateway between. */
export type Place = Awaited<ReturnType<typeof startPlace>>

/** What stands in a client's configuration. */
type Program = { command: string; args: string[]; env?: Record<string, string> }

/** How a client that is connected comes to a server by a door. */
export type Connected = (door: 'stdio' | 'HTTP', server: string) => Way

/** Starts the built product on a fresh profile, and all that servers act upon. */
export async function startPlace() {
  const browser = await findBrowser(thisMachine({ root, node: process.execPath, env: process.env }))
  if (browser === null) throw noBrowser(thisMachine({ root, node: process.execPath, env: process.env }))
  const product = await startProduct(policy)
  const { folder } = product
  const database = join(folder, 'visits.db')
  const db = new Database(database)
  const firstOf = (sql: string, value: string): unknown => db.prepare(sql).get(value)
  db.exec('CREATE TABLE visits (name TEXT)')
  const repository = join(folder, 'repository')
  mkdirSync(repository)
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, encoding: 'utf8' })
  git('init', '--quiet')
  git('config', 'user.name', 'Peer')
  git('config', 'user.email', 'peer@example.org')
  const web = await startWeb()
  const ends: (() => Promise<void>)[] = []

  return {
    ...{ product, folder, database, firstOf, repository, git, web, browser },
    /** Makes an entry for a client at a terminal, for each door; gives how it reaches a server by them. */
    async connect(client: string): Promise<Connected> {
      const { http } = await product.json<{ http: string }>('status')
      const made = async (...words: string[]) =>
        JSON.parse(/^\{.*\}$/m.exec(await product.atTerminal([...words, '--json'], [['PIN', pin]]))?.[0] ?? '{}')
      const { token } = (await made('token', 'create', '--client', client)) as { token: string }
      const { config } = (await made('clients', 'issue', client)) as { config: { mcpServers: Record<string, Program> } }
      const [{ command, args, env }] = Object.values(config.mcpServers) as [Program]
      const words = (server: string) => [command, ...args.map((arg) => (arg === '<server>' ? server : arg))]
      return (door, server) =>
        door === 'stdio'
          ? { words: words(server), ...(env ? { env } : {}) }
          : { url: new URL(`/mcp/${server}`, http).href, token }
    },
    /** Registers a server at a terminal and approves it at the approval page; `launch` is what follows its name. */
    async register(name: string, launch: readonly string[]): Promise<void> {
      await product.atTerminal(['servers', 'add', name, ...launch], [['Register this server?', 'y']])
      await product.approveServer(name)
    },
    /** Has something ended when all is over. */
    atEnd: (end: () => Promise<void>) => void ends.push(end),
    async close(): Promise<void> {
      db.close()
      web.close()
      await product.close()
      await Promise.all(ends.map((end) => end()))
    },
  }
}

/** Pages that say their own path, and a list of the paths that were asked for. */
async function startWeb() {
  const asked: string[] = []
  const server = createServer((req, res) => {
    asked.push(req.url ?? '')
    res.writeHead(200, { 'content-type': 'text/html' }).end(`<title>page</title><h1>this is ${req.url}</h1>`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
