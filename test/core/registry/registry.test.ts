import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../src-main/core/audit/canonical.ts'
import { createRegistry } from '../../../src-main/core/registry/registry.ts'
import { mayRun } from '../../../src-main/core/registry/server-record.ts'
import type { OnChange } from '../../../src-main/core/registry/standings.ts'
import { viewServer } from '../../../src-main/core/registry/view.ts'
import { openDatabase } from '../../../src-main/core/store/database.ts'
import { serversTable } from '../../../src-main/core/store/registry-tables.ts'
import { testFolder } from '../../fakes/folder.ts'
import { testValues } from '../../fakes/vault.ts'

const now = '2026-11-21T08:00:00Z'
const identity = { files: [], package: null, unpinned: [] }

function opened(
  table: Parameters<typeof createRegistry>[0]['table'],
  values: ReturnType<typeof testValues>,
  heard: Partial<OnChange> = {},
) {
  const silent = { tool: () => {}, instructions: () => {}, files: () => {}, pinned: () => {}, autoApproved: () => {} }
  return createRegistry({
    ...{ table, values, onChange: { ...silent, ...heard }, programOf: ({ command }) => command },
    ...{ now: () => Date.parse(now), lifetimeDays: () => 91, autoApprove: () => false },
  })
}

test('instructions other than the approved ones mark the server as changed, once, until they are approved', () => {
  const db = openDatabase(join(testFolder(), 'test.db'))
  const heard: string[] = []
  const values = testValues()
  const open = () => opened(serversTable(db), values, { instructions: (server) => void heard.push(server) })
  const launch = { transport: 'stdio' as const, command: '/bin/true', args: [], env: {}, cwd: '/' }
  const registry = open()
  registry.add({ name: 'notes', launch, trust_level: 'restricted', environment: 'test', risk_tags: [] }, now)
  registry.approve('notes', [], { generation: 'legacy', instructions: 'Be kind.', identity, tools: [] }, now)

  const later = open()
  const state = () => viewServer(later.need('notes')).state
  expect([later.instructed('notes', 'Be kind.'), state(), heard]).toEqual([true, 'approved', []])
  expect([later.instructed('notes', 'Be cruel.'), later.instructed('notes', 'Be cruel.')]).toEqual([false, false])
  expect([state(), heard, mayRun(later.need('notes'))]).toEqual(['changed', ['notes'], true])
  later.approve('notes', [], { generation: 'legacy', instructions: 'Be cruel.', identity, tools: [] }, now)
  expect([later.instructed('notes', 'Be cruel.'), state()]).toEqual([true, 'approved'])
  db.close()
})

const hashOf = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('hex')

test('a server that was approved before a launch said its transport is still approved', () => {
  const db = openDatabase(join(testFolder(), 'test.db'))
  const launch = { command: '/bin/true', args: ['a'], env: { KEY: 'x' }, cwd: '/' }
  const stored = {
    ...{ launch, trust_level: 'restricted', environment: 'test', risk_tags: [], generation: 'legacy' },
    ...{ added_at: now, approved_at: now, approved_launch: hashOf(launch) },
  }
  serversTable(db).put('notes', JSON.stringify(stored))
  const server = opened(serversTable(db), testValues()).need('notes')
  expect(mayRun(server)).toBe(true)
  const { env, ...shown } = launch
  expect(viewServer(server)).toMatchObject({
    ...{ state: 'approved', launch: { ...shown, transport: 'stdio', env_names: Object.keys(env) } },
  })
  db.close()
})

test.each([
  ['address', { url: 'https://other.test/mcp' }],
  ['header', { headers: { 'x-key': 'one', 'x-other': 'b' } }],
  ['header value', { headers: { 'x-key': 'two' } }],
  ['reach', { reach: 'private' as const }],
])('what is stored of a server with another %s than the approved one may not be reached', (_what, change) => {
  const db = openDatabase(join(testFolder(), 'test.db'))
  const launch = {
    transport: 'http' as const,
    url: 'https://one.test/mcp',
    headers: { 'x-key': 'one' },
    reach: 'internet' as const,
  }
  const table = serversTable(db)
  const values = testValues()
  const registry = opened(table, values)
  registry.add({ name: 'far', launch, trust_level: 'restricted', environment: 'test', risk_tags: [] }, now)
  registry.approve('far', [], { generation: 'legacy', instructions: '', identity, tools: [] }, now)
  const [row] = table.all()
  const body = JSON.parse(row?.body ?? '')
  expect(mayRun(opened(table, values).need('far'))).toBe(true)
  table.put('far', JSON.stringify({ ...body, launch: { ...body.launch, ...change } }))
  const changed = opened(table, values).need('far')
  expect([mayRun(changed), viewServer(changed).state]).toEqual([false, 'changed'])
  db.close()
})
