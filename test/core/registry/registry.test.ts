import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRegistry, mayRun, viewServer } from '../../../src-main/core/registry/registry.ts'
import { openDatabase } from '../../../src-main/core/store/database.ts'
import { serversTable } from '../../../src-main/core/store/registry-tables.ts'
import { testFolder } from '../../fakes/folder.ts'

const now = '2026-11-21T08:00:00Z'

test('instructions other than the approved ones mark the server as changed, once, until they are approved', () => {
  const db = openDatabase(join(testFolder(), 'test.db'))
  const heard: string[] = []
  const open = () => createRegistry(serversTable(db), { tool: () => {}, instructions: (server) => heard.push(server) })
  const launch = { transport: 'stdio' as const, command: '/bin/true', args: [], env: {}, cwd: '/' }
  const registry = open()
  registry.add({ name: 'notes', launch, trust_level: 'restricted', environment: 'test', risk_tags: [] }, now)
  registry.approve('notes', [], { generation: 'legacy', instructions: 'Be kind.' }, now)

  const later = open()
  const state = () => viewServer(later.need('notes')).state
  expect([later.instructed('notes', 'Be kind.'), state(), heard]).toEqual([true, 'approved', []])
  expect([later.instructed('notes', 'Be cruel.'), later.instructed('notes', 'Be cruel.')]).toEqual([false, false])
  expect([state(), heard, mayRun(later.need('notes'))]).toEqual(['changed', ['notes'], true])
  later.approve('notes', [], { generation: 'legacy', instructions: 'Be cruel.' }, now)
  expect([later.instructed('notes', 'Be cruel.'), state()]).toEqual([true, 'approved'])
  db.close()
})
