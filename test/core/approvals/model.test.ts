import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../src-main/core/store/database.ts'
import { campaign } from '../../fakes/campaign.ts'
import { createWorld, type Policy, type World } from './model.ts'

type Step = { name: string; run: (world: World) => Promise<unknown> }

const pick = fc.nat(3)
const ask = (session: number, args: number): Step => ({ name: 'ask', run: (world) => world.ask(session, args) })
const answer = (which: number, say: 'approve' | 'deny', old: boolean, who = 0): Step => ({
  name: `${say}${old ? ' with an old hash' : ''}${who === 0 ? '' : ' by another'}`,
  run: (world) => world.answer(which, say, old, who),
})

/** What policy may say of who approves: at all levels the same. */
const needs = (
  [
    ...[{ answers: 2 }, { groups: ['security'] }, { answers: 2, groups: ['security'] }, { own: false }, { answers: 5 }],
    ...[{ answers: 2, groups: ['security', 'ops'], own: false }, {}, {}],
  ] as const
).map((said) =>
  [1, 2, 3, 4, 5].map((level) => ({ level, ...said, groups: 'groups' in said ? [...said.groups] : undefined })),
)
const edited = (which: number, say: 'approve' | 'deny', args: number): Step => ({
  name: `${say} with other arguments`,
  run: (world) => world.answer(which, say, false, 0, args),
})
const plain = (name: string, run: Step['run']) => fc.constant<Step>({ name, run })
const moved = (name: string, ms: readonly number[], run: (world: World, ms: number) => Promise<void>) =>
  fc.constantFrom(...ms).map((by): Step => ({ name, run: (world) => run(world, by) }))

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.nat(1), fc.nat(1)).map(([session, args]) => ask(session, args)) },
  { weight: 3, arbitrary: plain('the same again', (world) => world.ask(0, 0)) },
  { weight: 2, arbitrary: plain('the same twice at once', (world) => world.ask(0, 0, 2)) },
  { weight: 2, arbitrary: plain('slow', async (world) => world.slowDown()) },
  { weight: 5, arbitrary: pick.map((which) => answer(which, 'approve', false)) },
  { weight: 5, arbitrary: fc.tuple(pick, pick).map(([which, who]) => answer(which, 'approve', false, who)) },
  { weight: 1, arbitrary: pick.map((which) => answer(which, 'approve', true)) },
  {
    weight: 2,
    arbitrary: fc.tuple(pick, fc.nat(2)).map(([which, args]) => edited(which, 'approve', args)),
  },
  { weight: 1, arbitrary: pick.map((which) => edited(which, 'deny', 0)) },
  { weight: 1, arbitrary: fc.tuple(pick, fc.boolean()).map(([which, old]) => answer(which, 'deny', old)) },
  {
    weight: 3,
    arbitrary: moved('time', [1_000, 50_000, 50_000, 50_000, 300_000, 600_000], (world, ms) => world.time(ms)),
  },
  { weight: 1, arbitrary: moved('jump', [-3_600_000, -300_000, 300_000, 3_600_000], (world, ms) => world.jump(ms)) },
  { weight: 1, arbitrary: moved('sleep', [300_000, 3_600_000], (world, ms) => world.sleep(ms)) },
  { weight: 1, arbitrary: pick.map((which): Step => ({ name: 'cancel', run: (world) => world.cancel(which) })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom<Policy>(0, 1, 2, 3, 4, 5, 1, 2), fc.boolean())
      .map(([next, slow]): Step => ({ name: 'policy', run: (world) => world.setPolicy(next, slow) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...needs), fc.boolean())
      .map(([said, slow]): Step => ({ name: 'who may approve', run: (world) => world.setNeeds(said, slow) })),
  },
  {
    weight: 1,
    arbitrary: pick.map(
      (who): Step => ({
        name: 'removed',
        run: (world) => world.changePeople((all) => all.remove(all.ids()[who] ?? '')),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(pick, pick, fc.constantFrom(40_000, 500_000, 5_000_000)).map(
      ([who, other, ms]): Step => ({
        name: 'away',
        run: (world) => world.changePeople((all) => all.leave(all.ids()[who] ?? '', all.ids()[other] ?? '', ms)),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: pick.map(
      (who): Step => ({ name: 'back', run: (world) => world.changePeople((all) => all.back(all.ids()[who] ?? '')) }),
    ),
  },
  { weight: 1, arbitrary: plain('definition', (world) => world.changeDefinition()) },
  { weight: 2, arbitrary: plain('decided', (world) => world.decided()) },
  { weight: 1, arbitrary: plain('stop', (world) => world.stop()) },
  { weight: 1, arbitrary: plain('restart', (world) => world.restart()) },
)

test('unapproved high-risk writes = 0: no call is forwarded without a yes to exactly it, and each has one outcome', async ({
  task,
}) => {
  const seed = 20261126
  const size = campaign(task, { sample: 2_000, full: 100_000, seed })
  const counts = new Map<string, number>()
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
  const db = openDatabase(':memory:')
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
    db.exec('DELETE FROM grants')
    const world = createWorld(db)
    for (const { name, run } of steps) {
      const said = await run(world)
      count(`step: ${name}${typeof said === 'string' ? `: ${said}` : ''}`)
    }
    await world.end()
    for (const { outcomes } of world.asks) count(`outcome: ${outcomes[0]}`)
    expect(world.broken).toEqual([])
  })
  await fc.assert(property, { seed, numRuns: size, endOnFailure: size > 10_000 })
  db.close()
  const lines = [...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([what, n]) => `| ${what} | ${n} |`)
  if (process.env.TOOLGATE_TEST_FULL === '1') process.stdout.write(`${lines.join('\n')}\n`)
  for (const what of [
    'forwarded by grant',
    'forwarded by person',
    'APPROVAL_PENDING',
    'APPROVAL_EXPIRED',
    'APPROVAL_IMPOSSIBLE',
    'CALL_CANCELLED',
    'one of several',
    'not theirs',
    'approve with other arguments: approved',
    'approve with other arguments: refused',
    'deny with other arguments: refused',
  ]) {
    expect([what, [...counts.keys()].some((key) => key.includes(what))]).toEqual([what, true])
  }
}, 3_600_000)

test('a late yes runs out by the monotonic clock though the wall clock was put back, which random runs hardly meet', async () => {
  const db = openDatabase(':memory:')
  const world = createWorld(db)
  await world.ask(0, 0)
  await world.time(50_000)
  expect(await world.answer(0, 'approve', false)).toBe('approved late')
  await world.jump(-3_600_000)
  await world.time(600_000)
  await world.ask(0, 0)
  await world.end()
  expect(world.broken).toEqual([])
  expect(world.asks.map(({ outcomes }) => outcomes)).toEqual([['APPROVAL_PENDING'], ['APPROVAL_PENDING']])
  db.close()
})
