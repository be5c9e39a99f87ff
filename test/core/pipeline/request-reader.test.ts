import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { sentBeside } from '../../../src-main/core/envelope/also-sent.ts'
import { effortAfter, effortBeside } from '../../../src-main/core/envelope/effort.ts'
import { protectedPaths } from '../../../src-main/core/envelope/protected.ts'
import { parseMessage } from '../../../src-main/core/json/message.ts'
import { type Look, lookInto } from '../../../src-main/core/pipeline/look-into.ts'
import { createRequestReader } from '../../../src-main/core/pipeline/request-reader.ts'
import { calledTool, subjectOf } from '../../../src-main/core/pipeline/subject.ts'
import { campaign } from '../../fakes/campaign.ts'

const base = realpathSync(mkdtempSync(join(tmpdir(), 'toolgate-')))
const profile = join(base, 'profile')
const { decisive, protectedPath } = protectedPaths([profile])
const reader = createRequestReader([profile])
afterAll(() => {
  reader.close()
  rmSync(base, { recursive: true })
})

const token = ['gl', 'pat-', 'aB3dE5gH7jK9mN1pQ3sT'].join('')
const longEnough = 'some words '.repeat(25_000)

/** A request as the stage before hands it over. */
function lookFor(method: string, params: object, { from = 'client', reviewed = true }: Partial<Known> = {}): Look {
  const message = parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })))
  const subject = method === 'tools/call' ? calledTool(message) : subjectOf(message, 'a_tool')
  const texts = [subject.argumentsText, sentBeside(message, subject.kind)].filter((text) => text !== '')
  return { texts, client: 'one', asked: { ...subject, from }, reviewed, bases: [base] }
}
type Known = { from: 'client' | 'server'; reviewed: boolean }

const parts = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    token,
    `it is\n${token}`,
    `cat ${profile}/keys`,
    'https://a.example/b?c',
    '/etc/hosts',
    '../up',
    '$HOME/.ssh',
  ),
  fc.constantFrom<unknown>('~/.cursor/mcp.json', 'notes.txt', 1e300, '%2e%2e/x', 'http://b.example', '{"a":1}'),
)
const values = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('path', 'command', 'url')), parts, { maxKeys: 5 })
const known = fc.record({ from: fc.constantFrom('client' as const, 'server' as const), reviewed: fc.boolean() })
const shapes = fc.constantFrom<[string, (values: object) => object]>(
  ['tools/call', (values) => ({ name: 'a/tool', arguments: { ...values, long: longEnough } })],
  ['resources/read', () => ({ uri: `file://${profile}/x`, long: longEnough })],
  ['resources/read', (values) => ({ uri: 'notes://a', ...values, long: longEnough })],
  ['prompts/get', (values) => ({ name: 'a', arguments: values, long: longEnough })],
  ['tasks/get', (values) => ({ taskId: 'a', _meta: values, long: longEnough })],
  ['elicitation/create', () => ({ mode: 'url', url: 'https://c.example/d', message: longEnough, elicitationId: '1' })],
)

test('a long request is told from in the thread as it would be here, whatever it holds', async ({ task }) => {
  const seed = 3
  const numRuns = campaign(task, { sample: 150, full: 5_000, seed })
  const found = { findings: 0, paths: 0, hosts: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(shapes, values, known, async ([method, paramsOf], values, about) => {
      const look = lookFor(method, paramsOf(values), about)
      const here = lookInto(look, effortBeside())
      expect(reader.takesTurns(look.asked.message)).toBe(true)
      expect(await reader.look(look)).toEqual({ ...here, paths: decisive(here.paths) })
      if (here.findings.length > 0) found.findings++
      if (here.paths.paths.length > 0) found.paths++
      if (here.hosts.length > 0) found.hosts++
      if (protectedPath(here.paths, true) !== null) found.refused++
    }),
    { numRuns, seed },
  )
  expect(reader.running()).toBe(true)
  for (const count of Object.values(found)) expect(count).toBeGreaterThan(numRuns / 20)
})

test('a short request is looked into at once, and needs no thread', async () => {
  const other = createRequestReader([profile])
  const short = lookFor('tools/call', { name: 'a', arguments: { path: profile } })
  expect(other.takesTurns(short.asked.message)).toBe(false)
  expect(await other.look(short)).toEqual(lookInto(short, effortAfter(short.asked.message)))
  expect(other.running()).toBe(false)
  other.close()
})

test('variables of this user lead where they lead here', async () => {
  process.env.XDG_DATA_HOME = profile
  try {
    const look = lookFor('tools/call', {
      name: 'a',
      arguments: { path: '$XDG_DATA_HOME/keys', home: '~/x', longEnough },
    })
    const { paths } = (await reader.look(look)).paths
    expect(paths).toEqual([join(profile, 'keys'), join(homedir(), 'x')])
  } finally {
    delete process.env.XDG_DATA_HOME
  }
})

test('of hundreds of thousands of findings and suspects this thread is handed only what counts', async () => {
  const secrets = lookFor('tools/call', { name: 'a', arguments: { text: `${token} `.repeat(40_000) } })
  expect((await reader.look(secrets)).findings).toEqual([{ rule: 'gitlab-token', count: 40_000 }])
  const rows = Array.from({ length: 20_000 }, (_, at) => `n${at}.t`)
  const names = lookFor('tools/call', { name: 'a', arguments: { rows, longEnough } })
  expect(lookInto(names, effortBeside()).paths.suspects.length).toBeGreaterThan(10_000)
  expect((await reader.look(names)).paths).toEqual({ paths: [], suspects: [], complete: true })
})

test('long requests take turns; of too many the last ones are refused, and after `close` all are', async () => {
  const look = lookFor('tools/call', { name: 'a', arguments: { longEnough } })
  const clients = (count: number) =>
    Array.from({ length: 70 }, (_, at) => ({ ...look, client: `client ${at % count}` }))
  const looked = await Promise.allSettled(clients(7).map((each) => reader.look(each)))
  expect(looked.map(({ status }) => status)).toEqual(
    Array.from({ length: 70 }, (_, at) => (at < 64 ? 'fulfilled' : 'rejected')),
  )
  expect(looked[69]).toMatchObject({ reason: { code: 'LIMIT_REACHED' } })
  const [own, another] = [
    await Promise.allSettled(clients(1).map((each) => reader.look(each))),
    await reader.look(look),
  ]
  expect(own.filter(({ status }) => status === 'fulfilled')).toHaveLength(32)
  expect(another.findings).toEqual([])
  const other = createRequestReader([profile])
  other.close()
  await expect(other.look(look)).rejects.toThrow('closed')
})
