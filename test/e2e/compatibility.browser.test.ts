import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerView } from '../../shared/server.ts'
import { program } from '../fakes/person.ts'
import { clients, type PeerClient, type Task } from './compatibility/clients.ts'
import { ensurePeers } from './compatibility/install.ts'
import { type Connected, type Place, startPlace } from './compatibility/place.ts'
import { sessionV1, sessionV2, type Way } from './compatibility/sdk.ts'
import { type PeerServer, servers } from './compatibility/servers.ts'
import {
  columns,
  compatibilityPage,
  knownReason,
  type SeenClient,
  type SeenServer,
  works,
} from './compatibility/table.ts'

type Door = 'stdio' | 'HTTP'

/** How long a client that is turned down comes again. */
const patienceMs = 20_000

let place: Place
const connected = new Map<string, Connected>()
const seenServers: SeenServer[] = []
const seenClients: SeenClient[] = []
/** Where a client of 2026-07-28 alone has been turned down: `server door`. */
const turnedDown = new Set<string>()

/** What a person makes an entry for: a client that speaks the newer generation alone is not the one that also speaks the older. */
const entryFor = ({ name, speaks }: Pick<PeerClient, 'name' | 'speaks'>) =>
  speaks === 'modern' ? `${name}, ${speaks}` : name
const wayOf = (client: Pick<PeerClient, 'name' | 'speaks'>, door: Door, server: string): Way => {
  const way = connected.get(entryFor(client))?.(door, server)
  if (!way) throw new Error(`${client.name} is not connected`)
  return way
}
const sdkFor = (speaks: 'legacy' | 'modern') => ({ name: speaks === 'legacy' ? 'SDK v1' : 'SDK v2', speaks })

beforeAll(async () => {
  await ensurePeers()
  place = await startPlace()
  // All at a terminal before the first client comes: this process is one, and what a client starts is no person.
  const work = [
    ...servers.map((server) => async () => place.register(server.name, await server.launch(place))),
    ...[...new Set(clients.map(entryFor))].map((name) => async () => {
      connected.set(name, await place.connect(name))
    }),
  ]
  const terminal = async () => {
    for (let next = work.shift(); next; next = work.shift()) await next()
  }
  await Promise.all([terminal(), terminal()])
  await Promise.all(servers.flatMap(({ name }) => (['stdio', 'HTTP'] as const).map((door) => knock(door, name))))
}, 400_000)
afterAll(() => place?.close())

/** Comes for the first time, as a client of 2026-07-28 alone. */
async function knock(door: Door, server: string): Promise<void> {
  try {
    const session = await sessionV2(wayOf(sdkFor('modern'), door, server), 'modern', place.product.workspace)
    await session.close()
  } catch (error) {
    if (knownReason(error) === null) throw error
    turnedDown.add(`${server} ${door}`)
  }
}

/** What comes of `meet`: it works, at once or again; or the reason why not, when it is one that is known. All else fails the test. */
async function cell(meet: () => Promise<void>, before = false): Promise<string> {
  const until = performance.now() + patienceMs
  for (let down = before; ; down = true) {
    try {
      await meet()
      return works(down)
    } catch (error) {
      const reason = knownReason(error)
      if (reason === null) throw error
      if (performance.now() > until) return reason
    }
  }
}

async function meetServer(
  server: PeerServer,
  { door, speaks }: (typeof columns)[number],
  tools: number,
): Promise<void> {
  const mark = `${server.name}-${door}-${speaks}`.toLowerCase()
  const way = wayOf(sdkFor(speaks), door, server.name)
  const { workspace } = place.product
  const session = await (speaks === 'legacy' ? sessionV1(way, workspace) : sessionV2(way, speaks, workspace))
  try {
    const listed = await session.tools()
    expect(listed.includes(server.denied.tool)).toBe(!server.denied.hidden)
    expect(listed).toHaveLength(server.denied.hidden ? tools - 1 : tools)
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
  { timeout: 120_000 },
  async (name, server) => {
    const view = (await place.product.json<ServerView[]>('servers', 'list')).find((each) => each.name === name)
    const tools = view?.tools.length ?? 0
    const cells: string[] = []
    for (const column of columns) {
      const before = column.speaks === 'modern' && turnedDown.has(`${name} ${column.door}`)
      cells.push(await cell(() => meetServer(server, column, tools), before))
    }
    seenServers.push({ server, generation: view?.generation ?? '', tools, cells })
  },
)

async function meetClient(client: PeerClient, door: Door, server: string, task: Task): Promise<void> {
  const folder = join(place.folder, `home of ${client.name} for ${server}`)
  mkdirSync(folder, { recursive: true })
  const { listed, answered } = await client.run(wayOf(client, door, server), task, folder)
  expect(listed).toContain(task.tool)
  expect(answered).toContain('from far away')
}

const tasks: readonly (readonly [server: string, task: Task])[] = [
  ['everything', { tool: 'echo', args: { message: 'from far away' } }],
  ['dbhub', { tool: 'execute_sql', args: { sql: "SELECT 'from far away' AS message" } }],
]

test.each(clients.flatMap((client) => client.by.map((door) => [client.name, client.speaks, door, client] as const)))(
  '%s (%s) over %s: connects, lists and calls',
  { timeout: 120_000 },
  async (_, __, door, client) => {
    const known = entryFor(client) === entryFor(sdkFor('modern'))
    const cells = await Promise.all(
      tasks.map(([server, task]) =>
        cell(() => meetClient(client, door, server, task), known && turnedDown.has(`${server} ${door}`)),
      ),
    )
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
