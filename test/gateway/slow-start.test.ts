import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { person, reviewServer, simplePolicy, startGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'

/** A server that takes longer to start than it is waited for at first, under review. */
async function slowServer(speaks: 'modern' | 'both' | 'legacy') {
  const { clock, advance } = movedClock()
  const gateway = await startGateway({ policy: simplePolicy(), ports: { clock } })
  onTestFinished(() => gateway.close())
  const folder = dirname(gateway.profile)
  const [gate, log] = [join(folder, 'gate'), join(folder, 'log')]
  const count = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0)
  const env = { SLOW_GATE: gate, SLOW_LOG: log, SLOW_SPEAKS: speaks }
  const args = [join(import.meta.dirname, '..', 'fakes', 'servers', 'slow-server.mjs')]
  const launch = { transport: 'stdio' as const, command: process.execPath, args, env, cwd: folder }
  const rest = { name: 'slow', trust_level: 'restricted' as const, environment: 'test', risk_tags: [] }
  await gateway.core.handlers['servers.add']({ ...rest, launch }, person)
  const review = reviewServer(gateway.core.handlers, 'slow')
  // Looked at in the end; a test that fails before must not fail twice.
  review.catch(() => {})
  const started = (wanted: number) => expect.poll(count, { timeout: 20_000 }).toBe(wanted)
  return { gateway, advance, started, count, review, open: () => writeFileSync(gate, '') }
}

async function generationAfter({ gateway, review }: Awaited<ReturnType<typeof slowServer>>) {
  const { review_hash, tools } = await review
  expect(tools.map(({ tool }) => tool.name)).toEqual(['read_slowly'])
  await gateway.core.handlers['servers.approve'](
    { name: 'slow', review_hash, tools: tools.map((each) => each.tool) },
    person,
  )
  const [view] = await gateway.core.handlers['servers.list']({}, person)
  return view?.generation
}

test.each(['modern', 'both'] as const)(
  'a server that speaks %s and is slow to start is taken for what it is',
  async (speaks) => {
    const slow = await slowServer(speaks)
    await slow.started(1)
    slow.advance(3_100)
    await slow.started(2)
    slow.advance(2_000)
    slow.open()
    expect(await generationAfter(slow)).toBe('modern')
    expect(slow.count()).toBe(3)
  },
)

test('one that is silent until it is initialized, and then quick, is of the older generation', async () => {
  const slow = await slowServer('legacy')
  slow.open()
  await slow.started(1)
  slow.advance(3_100)
  expect(await generationAfter(slow)).toBe('legacy')
})

test('one that is silent and slow is of the older generation once it was heard out', async () => {
  const slow = await slowServer('legacy')
  await slow.started(1)
  slow.advance(3_100)
  await slow.started(2)
  slow.advance(2_000)
  slow.open()
  await slow.started(3)
  slow.advance(20_100)
  expect(await generationAfter(slow)).toBe('legacy')
})
