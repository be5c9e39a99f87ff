import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { proofFiles } from '../../src-main/core/audit/outside.ts'
import type { Notification } from '../../src-main/core/ports.ts'
import { type Answering, startCollector, verifyLines } from '../fakes/collector.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'

/** What collectors get of a real gateway's record, over real connections. */
const secret = 'Splunk 0ffee-the-token-of-the-collector'
const status =
  (code: number, headers: Record<string, string> = {}): Answering =>
  (_post, res) =>
    void res.writeHead(code, headers).end()

async function begin(options: Parameters<typeof startGateway>[0] = {}) {
  const gateway = await startGateway({ policy: simplePolicy(), ...options })
  onTestFinished(() => gateway.close())
  return gateway
}

const until = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000 })

type Adding = { name?: string; header?: { name: string; value: string } | null; from_start?: boolean }

function add(gateway: TestGateway, url: string, { name = 'siem', header = null, from_start = false }: Adding = {}) {
  return gateway.core.handlers['audit.stream_add']({ name, url, header, from_start }, person)
}

async function views(gateway: TestGateway) {
  return (await gateway.core.handlers.status({}, person)).audit.streams
}

/** Something that is recorded, as often as asked. */
function happen(gateway: TestGateway, times = 1) {
  for (let left = times; left > 0; left -= 1) {
    gateway.core.audit.append([{ kind: 'event', event: 'test.happened', user_id: 'ana', detail: { left } }])
  }
}

const newest = (gateway: TestGateway) => gateway.core.audit.stats().entries

/** Until a collector has everything; gives the numbers of what came, in the order in which it came. */
async function arrived(gateway: TestGateway, collector: Awaited<ReturnType<typeof startCollector>>) {
  await until(() => expect(collector.records().at(-1)?.seq).toBe(newest(gateway)))
  return collector.records().map(({ seq }) => seq)
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const keyOf = (gateway: TestGateway) => proofFiles(gateway.paths).key

function events(gateway: TestGateway, beginning: string): string[] {
  return gateway
    .entries()
    .flatMap((entry) => (entry.kind === 'event' && entry.event.startsWith(beginning) ? [entry.event] : []))
}

test('records arrive as they are made, in order, as the lines of an export, and verify with what was received alone', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  await gateway.addServer('notes', 'notes-server')
  happen(gateway, 300)
  const before = newest(gateway)
  const view = await add(gateway, collector.url, { header: { name: 'Authorization', value: secret } })
  expect(view).toMatchObject({ name: 'siem', reach: 'loopback', header_name: 'Authorization', first: before + 1 })
  const client = gateway.connect('notes')
  await client.initialize()
  expect((await client.call('read_note', {})).outcome).toBe('ok')
  happen(gateway, 700)
  expect(await arrived(gateway, collector)).toEqual(numbers(before + 1, newest(gateway)))
  expect(collector.records()[0]).toMatchObject({
    event: 'audit.stream_added',
    detail: { stream: 'siem', first: before + 1 },
  })
  expect(collector.posts[0]).toMatchObject({ method: 'POST', path: '/in' })
  expect(collector.posts[0]?.headers).toMatchObject({ authorization: secret, 'content-type': 'application/x-ndjson' })
  for (const { body } of collector.posts) expect(body.length).toBeLessThan(600 * 1024)

  const report = await collector.verify(keyOf(gateway))
  expect(report).toMatchObject({ ok: true, entries: newest(gateway) - before, first_bad: null })
  expect(report.checkpoints).toBeGreaterThan(1)
  expect(report.unchecked).toContain(`records 1 to ${before} are not there: what was received begins after them`)
  // Copies of checkpoints from before it began say nothing about it.
  const { copies } = proofFiles(gateway.paths)
  expect(await collector.verify(keyOf(gateway), '--checkpoints', copies)).toMatchObject({ ok: true, problems: [] })
  expect(await views(gateway)).toMatchObject([
    { sent: newest(gateway), problem: null, last_success: expect.any(String) },
  ])
})

test('from the start it is the export, line by line, its last checkpoint included', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  happen(gateway, 300)
  await add(gateway, collector.url, { from_start: true })
  await arrived(gateway, collector)
  await gateway.stop()
  const again = await begin({ profile: gateway.profile })
  await arrived(again, collector)
  expect((await collector.verify(keyOf(again))).ok).toBe(true)
  const sizes = collector.lines().flatMap((line) => /^\{"checkpoint":"[^"]*?\\n(\d+)\\n/.exec(line)?.[1] ?? [])
  // What was signed at the end of the first gateway, when nothing was sent any more.
  expect(sizes.length).toBeGreaterThan(1)
  expect(collector.lines()[0]).toMatch(/^\{"seq":1,/)
})

test('what somebody changes in what was received, or where it begins, is found', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  happen(gateway, 20)
  await add(gateway, collector.url)
  happen(gateway, 300)
  await arrived(gateway, collector)
  const lines = collector.lines()
  const check = (changed: readonly string[]) => verifyLines(changed, keyOf(gateway))
  expect(await check([...lines, ...lines.slice(40)])).toMatchObject({ ok: true, entries: collector.records().length })
  expect(lines[0]).toMatch(/^\{"start":/)
  const edited = lines.with(20, lines[20]?.replace('ana', 'bob') ?? '')
  expect(await check(edited)).toMatchObject({ ok: false, problems: [{ kind: 'edited' }] })
  expect(await check(lines.toSpliced(20, 1))).toMatchObject({ ok: false, problems: [{ kind: 'missing' }] })
  // Another record under a number that came before.
  expect(await check([...lines, lines[21]?.replace('"seq":', '"seq": ').replace('ana', 'bob') ?? ''])).toMatchObject({
    ok: false,
  })
  const invented = lines[0]?.replace(/"peaks":\["[0-9a-f]{4}/, '"peaks":["0000') ?? ''
  expect(await check(lines.with(0, invented))).toMatchObject({ ok: false, problems: [{ kind: 'rewritten' }] })
})

test('a collector to which a stream was added anew has the record once, in whatever order it keeps it', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  const added = async (from_start: boolean) => {
    await add(gateway, collector.url, { from_start })
    happen(gateway, 300)
    await arrived(gateway, collector)
    await gateway.core.handlers['audit.stream_remove']({ name: 'siem' }, person)
    happen(gateway, 10)
  }
  happen(gateway, 20)
  await added(false)
  const first = collector.lines().length
  await added(false)
  expect(await collector.verify(keyOf(gateway))).toMatchObject({ ok: false, problems: [{ kind: 'missing' }] })
  // The second time without its first lines: what begins later than the first line is no gap of its own.
  expect(await verifyLines(collector.lines().slice(first), keyOf(gateway))).toMatchObject({ ok: true })
  await added(true)
  const whole = { ok: true, entries: newest(gateway) - 11, problems: [] }
  expect(await collector.verify(keyOf(gateway))).toMatchObject(whole)
  expect(await verifyLines(collector.lines().reverse(), keyOf(gateway))).toMatchObject(whole)
  expect(await verifyLines([...collector.lines(), 'no line of a log'], keyOf(gateway))).toMatchObject({
    problems: [{ kind: 'unreadable' }],
  })
})

test('while a collector is down nothing is kept but where it is; what was made meanwhile comes, across a restart, without a gap', async () => {
  const [first, collector] = [await begin(), await startCollector()]
  await add(first, collector.url, { from_start: true })
  await arrived(first, collector)
  await collector.end()
  happen(first, 1200)
  await until(async () => expect((await views(first))[0]?.problem?.text).toContain('nothing listens'))
  const sent = (await views(first))[0]?.sent ?? 0
  expect(sent).toBeLessThan(newest(first) - 1000)
  await first.stop()
  const back = await startCollector(undefined, collector.port)
  const later = await begin({ profile: first.profile })
  const numbersThen = await arrived(later, back)
  expect(numbersThen).toEqual(numbers(sent + 1, newest(later)))
  expect(back.mostBusy()).toBe(1)
  expect((await verifyLines([...collector.lines(), ...back.lines()], keyOf(later))).ok).toBe(true)
})

test.each([
  ['is refused for now', status(503)],
  ['meets an error', status(500)],
  ['is broken off', (_post, res) => void res.destroy()],
  [
    'is taken, and the answer is lost',
    (_post, res) => {
      res.destroy()
      return 'kept'
    },
  ],
] satisfies [string, Answering][])(
  'a request that %s is sent again: twice if need be, never not',
  async (_what, answer) => {
    const [gateway, collector] = [await begin(), await startCollector()]
    collector.answers(answer)
    await add(gateway, collector.url)
    await until(async () => expect((await views(gateway))[0]?.problem).toMatchObject({ urgent: false }))
    happen(gateway, 10)
    collector.answers()
    await arrived(gateway, collector)
    expect(await collector.verify(keyOf(gateway))).toMatchObject({ ok: true })
    expect((await views(gateway))[0]?.problem).toBeNull()
  },
)

test.each([
  ['a redirect', status(302, { location: 'http://127.0.0.1:1/' }), 'redirect'],
  ['a redirect that keeps the method', status(307, { location: '/elsewhere' }), 'redirect'],
  ['401', status(401), 'does not accept the secret header'],
  ['404', status(404), 'refuses what it is sent (HTTP 404)'],
])('%s is not followed nor hammered, but told, and nothing is lost', async (_what, answer, words) => {
  const { clock, advance } = movedClock()
  const gateway = await begin({ ports: { clock } })
  const [collector, other] = [await startCollector(), await startCollector()]
  collector.answers(answer)
  await add(gateway, collector.url, { header: { name: 'X-Key', value: secret } })
  await until(async () => expect((await views(gateway))[0]?.problem?.text).toContain(words))
  expect((await views(gateway))[0]?.problem).toMatchObject({ urgent: true, hint: expect.stringMatching(/stream set/) })
  // What would come here within ten minutes comes before the last of what another stream brings in that time.
  await add(gateway, other.url, { name: 'other' })
  for (let round = 0; round < 5; round += 1) {
    happen(gateway)
    advance(120_000)
    await arrived(gateway, other)
  }
  expect(collector.posts.map(({ path }) => path)).toEqual(['/in'])
  collector.answers()
  await gateway.core.handlers['audit.stream_set']({ name: 'siem', url: collector.url, header: null }, person)
  await arrived(gateway, collector)
  expect(await collector.verify(keyOf(gateway))).toMatchObject({ ok: true })
  expect(collector.posts.at(-1)?.headers).not.toHaveProperty('x-key')
})

test('a collector that wants shorter requests gets them, and one that asks for time has it', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  happen(gateway, 400)
  collector.answers((post, res) => {
    const fits = post.body.length < 20_000
    res.writeHead(fits ? 200 : 413).end()
    return fits ? 'kept' : undefined
  })
  await add(gateway, collector.url, { from_start: true })
  await arrived(gateway, collector)
  expect(await collector.verify(keyOf(gateway))).toMatchObject({ ok: true })

  const asked = collector.posts.length
  collector.answers(status(429, { 'retry-after': '3' }))
  happen(gateway)
  await until(() => expect(collector.posts.length).toBe(asked + 1))
  collector.answers()
  await arrived(gateway, collector)
  const [refused, again] = collector.posts.slice(asked)
  expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThan(2900)
})

test('requests that got shorter get longer again while they are taken', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  happen(gateway, 400)
  let single = false
  collector.answers(({ body }, res) => {
    single ||= body.split('\n').length === 2
    res.writeHead(single ? 200 : 413).end()
    return single ? 'kept' : undefined
  })
  await add(gateway, collector.url, { from_start: true })
  await arrived(gateway, collector)
  const taken = collector.posts.slice(collector.posts.findIndex(({ body }) => body.split('\n').length === 2))
  expect(Math.max(...taken.map(({ body }) => body.split('\n').length - 1))).toBeGreaterThan(4)
})

test('what a collector says beyond that it has taken the lines does not matter, however it is packed', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  collector.answers((_post, res) => {
    res.writeHead(202, { 'content-encoding': 'gzip', 'retry-after': '9999' }).end('not gzip at all')
    return 'kept'
  })
  await add(gateway, collector.url)
  happen(gateway)
  await arrived(gateway, collector)
  happen(gateway)
  const came = await arrived(gateway, collector)
  expect(came).toEqual(numbers(came[0] ?? 0, newest(gateway)))
  expect((await views(gateway))[0]?.problem).toBeNull()
})

test('a slow collector and an endless answer hold nothing up: one request at a time, calls go on', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  await gateway.addServer('notes', 'notes-server')
  let let_go = () => {}
  collector.answers((_post, res) => {
    let_go = () => {
      res.writeHead(200)
      const flood = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536)));
      }
      res.on('drain', flood)
      flood()
    }
    return 'kept'
  })
  await add(gateway, collector.url)
  await until(() => expect(collector.posts.length).toBe(1))
  const client = gateway.connect('notes')
  await client.initialize()
  for (let left = 20; left > 0; left -= 1) expect((await client.call('read_note', {})).outcome).toBe('ok')
  expect([collector.posts.length, collector.mostBusy()]).toEqual([1, 1])
  collector.answers()
  let_go()
  await arrived(gateway, collector)
  expect(await collector.verify(keyOf(gateway))).toMatchObject({ ok: true })
})

test('the secret lies in the vault alone, bound to where it goes; without it nothing is sent', async () => {
  const [gateway, collector, thief] = [await begin(), await startCollector(), await startCollector()]
  await add(gateway, collector.url, { header: { name: 'Authorization', value: secret } })
  await arrived(gateway, collector)
  const seen = [JSON.stringify(gateway.entries()), JSON.stringify(await views(gateway)), gateway.problems.join()]
  await gateway.stop()
  const files = readdirSync(gateway.profile, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  for (const text of [...seen, ...texts]) expect(text).not.toContain('0ffee')

  const db = new Database(gateway.paths.database)
  db.prepare('UPDATE audit_streams SET url = ?').run(thief.url)
  db.close()
  const later = await begin({ profile: gateway.profile })
  await until(async () => expect((await views(later))[0]?.problem?.text).toContain('cannot be read from the vault'))
  expect(thief.posts).toEqual([])
  const header = { name: 'Authorization', value: `${secret} 2` }
  await later.core.handlers['audit.stream_set']({ name: 'siem', url: collector.url, header }, person)
  await arrived(later, collector)
  expect(collector.posts.at(-1)?.headers.authorization).toBe(`${secret} 2`)
  await later.core.handlers['audit.stream_remove']({ name: 'siem' }, person)
  expect(readdirSync(later.paths.vault).filter((file) => file.endsWith('.sealed'))).toEqual([])
})

test('a long failure is one event and one notification, its end another, whatever restarts; nothing feeds on itself', async () => {
  let shift = 0
  const told: Notification[] = []
  const moved = movedClock()
  const clock = { ...moved.clock, now: () => Date.now() + shift }
  const ports = { clock, notify: (one: Notification) => void told.push(one) }
  const collector = await startCollector()
  const first = await begin({ ports })
  collector.answers(status(500))
  await add(first, collector.url)
  await until(() => expect(collector.posts.length).toBeGreaterThan(1))
  expect(events(first, 'audit.')).toEqual(['audit.stream_added'])
  shift = 16 * 60_000
  await until(() => expect(events(first, 'audit.')).toEqual(['audit.stream_added', 'audit.stream_failing']))
  expect((await views(first))[0]?.problem).toMatchObject({ urgent: true })
  await first.stop()
  const later = await begin({ ports, profile: first.profile })
  const before = collector.posts.length
  await until(() => expect(collector.posts.length).toBeGreaterThan(before + 1))
  expect(events(later, 'audit.')).toEqual(['audit.stream_added', 'audit.stream_failing'])
  collector.answers()
  await until(() => expect(events(later, 'audit.').at(-1)).toBe('audit.stream_recovered'))
  await arrived(later, collector)
  // What sending leads to, at once or soon after, would be counted with the next record that is made.
  const [records, posts] = [newest(later), collector.posts.length]
  for (let round = 1; round <= 3; round += 1) {
    happen(later)
    moved.advance(2000)
    await arrived(later, collector)
    expect([newest(later), collector.posts.length]).toEqual([records + round, posts + round])
  }
  expect(told.filter(({ title }) => title.includes('siem'))).toHaveLength(1)
})

test.each([
  ['http://10.0.0.8/in', 'without encryption'],
  ['https://169.254.169.254/latest', 'no server is looked for'],
  ['https://me:pass@127.0.0.1/', 'a name or a password'],
  ['ftp://127.0.0.1/', 'is not https'],
  ['not a url', 'is no URL'],
])('no stream goes to %s', async (url, why) => {
  const gateway = await begin()
  await expect(add(gateway, url)).rejects.toThrow(why)
  expect([await views(gateway), events(gateway, 'audit.')]).toEqual([[], []])
})

test('names are taken once, there are few, and the end of one is on record', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  for (const name of ['a', 'b', 'c', 'd']) await add(gateway, collector.url, { name })
  await expect(add(gateway, collector.url, { name: 'a' })).rejects.toThrow('there is a stream `a` already')
  await expect(add(gateway, collector.url, { name: 'e' })).rejects.toThrow('4 streams already')
  await gateway.core.handlers['audit.stream_remove']({ name: 'b' }, person)
  expect((await views(gateway)).map(({ name }) => name)).toEqual(['a', 'c', 'd'])
  expect(events(gateway, 'audit.').at(-1)).toBe('audit.stream_removed')
  await expect(
    Promise.resolve().then(() => gateway.core.handlers['audit.stream_remove']({ name: 'b' }, person)),
  ).rejects.toThrow('no stream `b`')
})

test('a stream whose host leads elsewhere than when it was added sends nothing there', async () => {
  const [gateway, collector] = [await begin(), await startCollector()]
  await add(gateway, collector.url)
  await arrived(gateway, collector)
  await gateway.stop()
  const db = new Database(gateway.paths.database)
  db.prepare("UPDATE audit_streams SET reach = 'internet'").run()
  db.close()
  const posts = collector.posts.length
  const later = await begin({ profile: gateway.profile })
  await until(async () => expect((await views(later))[0]?.problem?.text).toContain('another place'))
  expect(collector.posts.length).toBe(posts)
})
