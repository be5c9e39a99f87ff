import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerView } from '../../shared/server.ts'
import { program } from '../fakes/person.ts'
import { clients, type PeerClient, type Task } from './compatibility/clients.ts'
import { ensurePeers } from './compatibility/install.ts'
import { type Place, startPlace } from './compatibility/place.ts'
import { sessionV1, sessionV2, type Way } from './compatibility/sdk.ts'
import { type PeerServer, servers } from './compatibility/servers.ts'
import { columns, compatibilityPage, knownReason, type SeenClient, type SeenServer } from './compatibility/table.ts'

let place: Place
let doors: Awaited<ReturnType<Place['doors']>>
const tokens = new Map<string, string>()
const seenServers: SeenServer[] = []
const seenClients: SeenClient[] = []

beforeAll(async () => {
  await ensurePeers()
  place = await startPlace()
  doors = await place.doors()
  // All at a terminal before the first client comes: this process is one, and what a client starts is no person.
  const left = [...servers]
  const terminal = async () => {
    for (let server = left.shift(); server; server = left.shift()) {
      await place.register(server.name, await server.launch(place))
    }
  }
  await Promise.all([terminal(), terminal()])
  for (const name of new Set(clients.map((client) => client.name))) tokens.set(name, await place.tokenFor(name))
}, 300_000)
afterAll(() => place?.close())

const wayTo = (door: 'stdio' | 'HTTP', server: string, client: string): Way =>
  door === 'stdio' ? { words: doors.shim(server) } : { url: doors.url(server), token: tokens.get(client) ?? '' }

/** How often a client comes back that was turned down, so that it could fall back, and how long it waits each time. */
const comesBack = 3
const pauseMs = 1_500

/** "works" when `meet` comes to its end, now or when it comes back; the reason when it is one that is known; all else fails the test. */
async function cell(meet: () => Promise<void>): Promise<string> {
  for (let again = 0; ; again++) {
    try {
      await meet()
      return again === 0 ? 'works' : 'works, when it comes back'
    } catch (error) {
      const reason = knownReason(error)
      if (reason === null) throw error
      if (again === comesBack) return reason
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

async function meetServer(
  server: PeerServer,
  { door, speaks }: (typeof columns)[number],
  tools: number,
): Promise<void> {
  const mark = `${server.name}-${door}-${speaks}`.toLowerCase()
  const way = wayTo(door, server.name, speaks === 'legacy' ? 'SDK v1' : 'SDK v2')
  const { workspace } = place.product
  const session = await (speaks === 'legacy' ? sessionV1(way, workspace) : sessionV2(way, speaks, workspace))
  try {
    expect(await session.tools()).toHaveLength(tools)
    const act = async (tool: string, args: object) => {
      const { text, refused } = await session.call(tool, args)
      if (refused !== null) throw new Error(`refused: ${text}`)
      return text
    }
    await server.act(act, place, mark)
    const denied = await session.call(server.denied.tool, server.denied.args(place, mark))
    expect(denied.refused).toBe('POLICY_DENIED')
    expect(server.denied.happened(place, mark)).toBe(false)
  } finally {
    await session.close()
  }
}

test.each(servers.map((server) => [server.name, server] as const))(
  '%s: lists, acts and is kept from acting, at both doors',
  async (name, server) => {
    const view = (await place.product.json<ServerView[]>('servers', 'list')).find((each) => each.name === name)
    const tools = view?.tools.length ?? 0
    const cells: string[] = []
    for (const column of columns) cells.push(await cell(() => meetServer(server, column, tools)))
    seenServers.push({ server, generation: view?.generation ?? '', tools, cells })
  },
)

async function meetClient(client: PeerClient, door: 'stdio' | 'HTTP', server: string, task: Task): Promise<void> {
  const folder = join(place.folder, `home of ${client.name} for ${server}`)
  mkdirSync(folder, { recursive: true })
  const { listed, answered } = await client.run(wayTo(door, server, client.name), task, folder)
  expect(listed).toContain(task.tool)
  expect(answered).toContain('from far away')
}

const tasks: readonly (readonly [server: string, task: Task])[] = [
  ['everything', { tool: 'echo', args: { message: 'from far away' } }],
  ['dbhub', { tool: 'execute_sql', args: { sql: "SELECT 'from far away' AS message" } }],
]

test.each(clients.flatMap((client) => client.by.map((door) => [client.name, client.speaks, door, client] as const)))(
  '%s (%s) over %s: connects, lists and calls',
  async (_, __, door, client) => {
    const cells = await Promise.all(tasks.map(([server, task]) => cell(() => meetClient(client, door, server, task))))
    seenClients.push({ client, door, cells })
  },
)

test('the record of all that verifies, and holds every denial', async () => {
  const audit = (...words: string[]) => program(place.product.command('audit', ...words))
  const { code, screen, stderr } = await audit('verify')
  expect(code, screen + stderr).toBe(0)
  const lines = (await audit('export')).screen.trim().split('\n')
  const entries = lines.map((line) => JSON.parse((JSON.parse(line) as { body?: string }).body ?? '{}') as object)
  const denied = entries.filter(
    (entry) =>
      'state' in entry && entry.state === 'closed' && 'reason_code' in entry && entry.reason_code === 'POLICY_DENIED',
  )
  expect(denied).toHaveLength(
    seenServers.flatMap(({ cells }) => cells).filter((cell) => cell.startsWith('works')).length,
  )
})

test('docs/compatibility.md says what was seen', async () => {
  const page = join(import.meta.dirname, '..', '..', 'docs', 'compatibility.md')
  const hint = 'write it anew with `npx vitest run test/e2e/compatibility -u`'
  await expect(compatibilityPage(seenServers, seenClients), hint).toMatchFileSnapshot(page)
})
