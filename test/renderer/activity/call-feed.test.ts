import { expect, test } from 'vitest'
import type { CallPage, CallRow } from '../../../shared/activity.ts'
import { createCallFeed, mostKept } from '../../../src-renderer/features/activity/call-feed.ts'

/** A call by its number; its newest record has the number `seq`. */
function row(number: number, seq = number, more: Partial<CallRow> = {}): CallRow {
  return {
    ...{ call_id: `call_${String(number).padStart(6, '0')}`, seq, started_at: new Date(number * 1_000).toISOString() },
    ...{ client: { id: 'c', name: 'client', identity: 'claimed' }, server: 'notes' },
    ...{ kind: 'tool', tool: 'read_note', action: 'read' },
    ...{ state: 'closed', decision: 'ALLOW', outcome: 'executed', reason_code: null, reason: null, rules: [] },
    ...{ risk: 5, findings: [], latency_ms: 1, wait_ms: null, observed: null },
    ...more,
  }
}

/** A record that grows, and a feed over it whose frames and timers run when the test says so. */
function setUp(calls = 0) {
  const record = new Map<string, CallRow>()
  const frames: (() => void)[] = []
  const timers: (() => void)[] = []
  const asked: { limit: number; before?: number }[] = []
  let hold: Promise<void> | null = null
  let broken = false
  const add = (...rows: CallRow[]) => {
    for (const one of rows) record.set(one.call_id, one)
    return rows
  }
  add(...Array.from({ length: calls }, (_, at) => row(at + 1)))
  const page = ({ limit, before = Number.POSITIVE_INFINITY }: { limit: number; before?: number }): CallPage => {
    const fit = [...record.values()].filter(({ seq }) => seq < before).sort((a, b) => b.seq - a.seq)
    const rows = fit.slice(0, limit)
    return { rows, next: fit.length > limit ? (rows.at(-1)?.seq ?? null) : null }
  }
  const feed = createCallFeed({
    async askPage(input) {
      asked.push(input)
      const answer = page(input)
      await hold
      if (broken) throw new Error('not connected')
      return answer
    },
    nextFrame: (run) => void frames.push(run),
    after: (_, run) => void timers.push(run),
  })
  return {
    ...{ feed, asked, add },
    frame: () => frames.splice(0).forEach((run) => void run()),
    async time() {
      for (const run of timers.splice(0)) run()
      await new Promise((resolve) => setImmediate(resolve))
    },
    /** The answers to what is asked from now on come when the returned function is called. */
    holdAnswers() {
      const { promise, resolve } = Promise.withResolvers<void>()
      hold = promise
      return () => {
        hold = null
        resolve()
      }
    },
    break: (now: boolean) => {
      broken = now
    },
    ids: () => feed.store.getState().rows.map(({ call_id }) => Number(call_id.slice(5))),
  }
}

const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => from - at)

test('what is told comes in once a frame, in order, each call once, by its newest record', async () => {
  const { feed, add, frame, ids } = setUp(2)
  await feed.catchUp()
  feed.hear({ calls: add(row(5), row(3)) })
  feed.hear({ calls: add(row(4, 8, { outcome: 'blocked' })) })
  feed.hear({ calls: [row(4, 6, { outcome: null, state: 'held' })] })
  expect(ids()).toEqual([2, 1])
  frame()
  expect(ids()).toEqual([5, 4, 3, 2, 1])
  feed.hear({ calls: [row(4, 7, { outcome: null })] })
  frame()
  expect(feed.store.getState().rows[1]).toMatchObject({ seq: 8, outcome: 'blocked' })
})

test('a call that changes its state keeps its place, and a list in which nothing changed stays the same', async () => {
  const { feed, frame, ids } = setUp(3)
  await feed.catchUp()
  const { rows } = feed.store.getState()
  feed.hear({ calls: [row(2)] })
  frame()
  expect(feed.store.getState().rows).toBe(rows)
  feed.hear({ calls: [row(2, 9, { outcome: 'failed' })] })
  frame()
  expect(ids()).toEqual([3, 2, 1])
  expect(feed.store.getState().rows[0]).toBe(rows[0])
})

test('after a gap everything is asked for down to what was known, and nothing is there twice', async () => {
  const { feed, asked, add, frame, time, ids } = setUp(50)
  await feed.catchUp()
  add(...down(650, 51).map((number) => row(number)))
  feed.hear({ calls: [row(650), row(649)], missed: true })
  frame()
  expect(asked).toHaveLength(1)
  await time()
  expect(asked.slice(1)).toEqual([{ limit: 250 }, { limit: 250, before: 401 }, { limit: 250, before: 151 }])
  expect(ids()).toEqual(down(650, 1))
})

test('what is told while it is being asked for is neither lost nor doubled', async () => {
  const { feed, add, frame, holdAnswers, ids } = setUp(5)
  await feed.catchUp()
  add(...down(8, 6).map((number) => row(number)))
  const answer = holdAnswers()
  const caughtUp = feed.catchUp()
  feed.hear({ calls: add(row(9), row(8, 10, { outcome: 'failed' })) })
  frame()
  answer()
  await caughtUp
  expect(ids()).toEqual(down(9, 1))
  expect(feed.store.getState().rows[1]).toMatchObject({ outcome: 'failed' })
})

test('older pages join on while new calls come in, until the record ends', async () => {
  const { feed, add, frame, ids } = setUp(300)
  await feed.catchUp()
  expect(ids()).toEqual(down(300, 201))
  const older = feed.older()
  feed.hear({ calls: add(row(301)) })
  frame()
  await older
  expect(ids()).toEqual(down(301, 1))
  expect(feed.store.getState()).toMatchObject({ cursor: null, loadingOlder: false })
})

test('a failed question is told, and the next one finds what was missed meanwhile', async () => {
  const { feed, add, break: breaks, ids } = setUp(3)
  await feed.catchUp()
  breaks(true)
  add(row(4))
  await feed.catchUp()
  expect(feed.store.getState().error).toBeInstanceOf(Error)
  expect(ids()).toEqual([3, 2, 1])
  breaks(false)
  await feed.catchUp()
  expect(feed.store.getState().error).toBeNull()
  expect(ids()).toEqual([4, 3, 2, 1])
})

test('a question that failed is asked again by itself, until nothing is missing', async () => {
  const { feed, add, asked, ids, time, break: breakIt } = setUp(300)
  await feed.catchUp()
  breakIt(true)
  add(...down(900, 301).map((number) => row(number)))
  feed.hear({ missed: true })
  await time()
  expect(feed.store.getState().error).not.toBeNull()
  await time()
  breakIt(false)
  await time()
  expect(feed.store.getState().error).toBeNull()
  expect(ids()).toEqual(down(900, 151))
  const before = asked.length
  await time()
  expect(asked).toHaveLength(before)
})

test('after a failure nothing older is asked for, until a question succeeds', async () => {
  const { feed, asked, ids, break: breakIt } = setUp(300)
  await feed.catchUp()
  breakIt(true)
  await feed.older()
  await feed.older()
  await feed.older()
  expect(asked).toHaveLength(2)
  breakIt(false)
  await feed.catchUp()
  await feed.older()
  expect(ids()).toEqual(down(300, 1))
})

test('a gap too large to fill leaves no calls behind it, and the list stays bounded', async () => {
  const { feed, add, ids } = setUp(100)
  await feed.catchUp()
  add(...down(8_000, 101).map((number) => row(number)))
  await feed.catchUp()
  expect(ids()).toEqual(down(8_000, 8_000 - mostKept + 1))
  expect(feed.store.getState().cursor).toBe(8_000 - mostKept + 1)
})

test('a flood does not keep more than the page can hold', async () => {
  const { feed, frame, ids } = setUp(1)
  await feed.catchUp()
  for (let first = 2; first < 12_000; first += 100) {
    feed.hear({ calls: down(first + 99, first).map((number) => row(number)) })
    frame()
  }
  expect(ids().length).toBeLessThanOrEqual(mostKept + 500)
  expect(ids()[0]).toBe(12_001)
  expect(new Set(ids()).size).toBe(ids().length)
})
