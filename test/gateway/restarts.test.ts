import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Notification } from '../../src-main/core/ports.ts'
import { person, simplePolicy, startGateway, type TestGateway } from '../fakes/gateway.ts'
import { movedClock } from '../fakes/moved-clock.ts'
import { runs, until } from '../fakes/processes.ts'
import type { RawClient } from '../fakes/raw-client.ts'

let gateway: TestGateway
let advance: (ms: number) => void
const shown: Notification[] = []

beforeEach(async () => {
  const moved = movedClock()
  advance = moved.advance
  shown.length = 0
  const notify = (notification: Notification) => void shown.push(notification)
  gateway = await startGateway({ policy: simplePolicy(), ports: { clock: moved.clock, notify } })
  await gateway.addServer('frail', 'frail-server', { FRAIL_LOG: log(), FRAIL_CUE: cue() })
  writeFileSync(log(), '')
})
afterEach(() => gateway.close())

const log = () => join(gateway.folder, 'frail.log')
const cue = () => join(gateway.folder, 'frail.cue')
const logged = () => readFileSync(log(), 'utf8').trim().split('\n')
const starts = () => logged().filter((line) => line.startsWith('start ')).length
const view = async () => (await gateway.core.handlers['servers.runs']({}, person))[0]

async function watched(frail: RawClient): Promise<string[]> {
  return ((await frail.request('frail/subscriptions')).result as { uris: string[] }).uris
}

async function client() {
  const made = gateway.connect('frail')
  await made.initialize()
  return made
}

/** Calls again and again, each wait between two processes cut short, until nothing is started any more. */
async function untilCrashing(frail: RawClient) {
  for (let tries = 0; tries < 10; tries++) {
    let answer: Awaited<ReturnType<RawClient['call']>> | undefined
    const called = frail.call('read_state').then((it) => {
      answer = it
    })
    await until('the call is answered', async () => {
      // Once it is refused, time must stand still, or the next try would come.
      if ((await view())?.state !== 'crashing') advance(200)
      return answer !== undefined
    })
    await called
    if (answer?.outcome !== 'SERVER_EXITED') return answer ?? { outcome: '', text: '' }
  }
  throw new Error('it is started again and again')
}

const stateIn = ({ text }: { text: string }) => JSON.parse(text) as { pid: number; calls: number }

test('a server that ends is there again with the next call, and knows what the one before it was told', async () => {
  const frail = await client()
  await frail.request('logging/setLevel', { level: 'debug' })
  await frail.request('resources/subscribe', { uri: 'a:1' })
  await frail.request('resources/subscribe', { uri: 'a:2' })
  await frail.request('resources/unsubscribe', { uri: 'a:1' })
  const first = stateIn(await frail.call('read_state'))
  const held = frail.call('held_read')
  expect((await frail.call('end_read')).outcome).toBe('SERVER_EXITED')
  expect((await held).outcome).toBe('SERVER_EXITED')
  const told = frail.lines.length

  const second = stateIn(await frail.call('read_state'))
  expect(second).toEqual({ pid: expect.any(Number), calls: 1 })
  expect(second.pid).not.toBe(first.pid)
  expect(runs(first.pid)).toBe(false)
  expect((await frail.request('frail/level')).result).toEqual({ level: 'debug' })
  await until('what it was subscribed to was decided again', async () => (await watched(frail)).length > 0)
  expect(await watched(frail)).toEqual(['a:2'])
  // What was open is never asked again, and what the new process answered to us reaches nobody.
  const mine = logged()
    .filter((line) => line.endsWith(` ${second.pid}`))
    .map((line) => line.split(' ')[0])
  expect(mine.slice(0, 4)).toEqual(['start', 'initialize', 'notifications/initialized', 'logging/setLevel'])
  expect(mine.filter((method) => method === 'tools/call')).toHaveLength(1)
  const since = frail.lines.slice(told).map((line) => JSON.parse(line.toString()))
  expect(since.filter(({ method }) => method).map(({ method }) => method)).toEqual(['notifications/tools/list_changed'])
  expect(await view()).toMatchObject({
    ...{ state: 'running', restarts: 1, ends: 1, processes: [{ pid: second.pid, client: 'raw-client' }] },
    last_end: { how: 'it ended with code 3' },
  })
})

test('what a client is subscribed to is decided again after a restart, and what policy denies now is not told to the server', async () => {
  const frail = await client()
  for (const uri of ['a:1', 'a:2', 'a:3']) await frail.request('resources/subscribe', { uri })
  expect(await watched(frail)).toEqual(['a:1', 'a:2', 'a:3'])
  const denied = `  - { id: shut, match: { labels: { mcp.name: 'a:2' } }, decision: DENY }\n`
  writeFileSync(join(gateway.paths.policy, 'rules.yaml'), simplePolicy(denied))
  await until('the rule is in force', async () => {
    advance(200)
    const { error } = await frail.request('resources/read', { uri: 'a:2' })
    return error?.data?.code === 'POLICY_DENIED'
  })
  const told = frail.lines.length

  await frail.call('end_read')
  const second = stateIn(await frail.call('read_state'))
  await until('the last one was decided', async () => (await watched(frail)).includes('a:3'))
  expect(await watched(frail)).toEqual(['a:1', 'a:3'])
  const states = (uri: string) => gateway.states(uri).filter((state) => state.startsWith('decided'))
  expect(states('a:1')).toEqual(['decided ALLOW', 'decided ALLOW'])
  expect(states('a:2').at(-1)).toBe('decided DENY POLICY_DENIED')
  expect(frail.lines.slice(told).some((line) => line.includes('toolgate-repeated'))).toBe(false)

  // What was refused is forgotten: the next process is not told of it either.
  await frail.call('end_read')
  expect(stateIn(await frail.call('read_state')).pid).not.toBe(second.pid)
  await until('the last one was decided', async () => (await watched(frail)).includes('a:3'))
  expect(await watched(frail)).toEqual(['a:1', 'a:3'])
})

test('a server that says after its end that it is another one ends the session', async () => {
  const frail = await client()
  await frail.call('end_read')
  writeFileSync(cue(), 'other name')
  const answer = await frail.call('read_state')
  expect(answer.outcome).toBe('SERVER_EXITED')
  expect(answer.text).toContain('it is not the server that it was: connect again')
  await expect(frail.request('ping')).rejects.toThrow('ended')
})

test('a server that keeps ending is refused at once, for every client, until a person restarts it', async () => {
  const [frail, other] = [await client(), await client()]
  const calm = stateIn(await other.call('read_state'))
  writeFileSync(cue(), 'die at start')
  await frail.call('end_read')
  const refused = await untilCrashing(frail)
  expect(refused.outcome).toBe('SERVER_CRASHING')
  expect(refused.text).toMatch(/it ended \d times, the last time: it ended with code 4; the next try is in \d+ s/)
  expect(refused.text).toContain('toolgate servers restart frail')
  expect(refused.text).not.toContain('licence')

  // What still runs goes on; nothing new is started for anybody.
  expect(stateIn(await other.call('read_state')).pid).toBe(calm.pid)
  const before = starts()
  const third = gateway.connect('frail')
  expect((await third.initialize()).error?.data?.code).toBe('SERVER_CRASHING')
  expect(starts()).toBe(before)

  expect(await view()).toMatchObject({ state: 'crashing', next_try: expect.any(String) })
  const said = (await view())?.last_end?.said ?? []
  expect(said.at(-1)).toContain('no licence was found')
  expect(said.join()).not.toContain('ghp_')
  const status = await gateway.core.handlers.status({}, person)
  expect(status.servers).toMatchObject([{ name: 'frail', runs: 'crashing' }])
  expect(shown.filter(({ title }) => title === 'frail keeps ending')).toHaveLength(1)
  expect(gateway.entries().filter((entry) => entry.kind === 'event' && entry.event === 'server.crashing')).toHaveLength(
    1,
  )

  writeFileSync(cue(), '')
  await gateway.core.handlers['servers.restart']({ name: 'frail' }, person)
  expect((await frail.call('read_state')).outcome).toBe('ok')
  expect((await third.initialize()).error).toBeUndefined()
  expect((await view())?.state).toBe('running')
})

test('after its wait one try is made, and a server that stays up is well again', async () => {
  const frail = await client()
  writeFileSync(cue(), 'die at start')
  await frail.call('end_read')
  await untilCrashing(frail)
  writeFileSync(cue(), '')
  advance(6_000)
  expect((await frail.call('read_state')).outcome).toBe('ok')
  expect((await view())?.state).toBe('crashing')
  advance(11_000)
  expect((await view())?.state).toBe('running')
})

test('stop ends its processes, the next call starts one; restart starts one at once', async () => {
  const frail = await client()
  const first = stateIn(await frail.call('read_state'))
  const held = frail.call('held_read')
  await until('the call arrived', () => logged().filter((line) => line.startsWith('tools/call')).length === 2)
  expect(await gateway.core.handlers['servers.stop']({ name: 'frail' }, person)).toMatchObject({ state: 'idle' })
  expect((await held).text).toContain('a person stopped it')
  expect(runs(first.pid)).toBe(false)
  const second = stateIn(await frail.call('read_state'))
  await gateway.core.handlers['servers.restart']({ name: 'frail' }, person)
  await until('it runs again', async () => (await view())?.processes.some(({ pid }) => pid !== null) ?? false)
  expect(runs(second.pid)).toBe(false)
  expect((await view())?.ends).toBe(0)
  expect((await frail.call('read_state')).outcome).toBe('ok')
})

test('an answer to a process that is gone is not taken for an answer to the one after it', async () => {
  const frail = await client()
  writeFileSync(cue(), 'ask')
  const first = frail.call('read_state')
  await frail.line((line) => line.includes('roots/list'))
  await frail.call('end_read')
  expect((await first).outcome).toBe('SERVER_EXITED')
  await frail.line((line) => line.includes('notifications/cancelled'))
  const second = frail.call('read_state')
  const asked = await frail.line((line) => line.includes('roots/list') && !line.includes('"id":0'))
  frail.write('{"jsonrpc":"2.0","id":0,"result":{"roots":[{"uri":"file:///old"}]}}')
  const { id } = JSON.parse(asked.toString())
  frail.write(JSON.stringify({ jsonrpc: '2.0', id, result: { roots: [{ uri: 'file:///new' }] } }))
  expect((await second).outcome).toBe('ok')
  const answers = logged().filter((line) => line.startsWith('answer'))
  expect(answers.join()).toContain('file:///new')
  expect(answers.join()).not.toContain('file:///old')
})
