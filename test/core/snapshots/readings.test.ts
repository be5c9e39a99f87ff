import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import yaml from 'yaml/package.json' with { type: 'json' }
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import { compileSnapshot } from '../../../src-main/core/policy/snapshot.ts'
import { createReadings, reader } from '../../../src-main/core/snapshots/readings.ts'
import { openDatabase } from '../../../src-main/core/store/database.ts'
import { fakeSecrets } from '../../fakes/secrets.ts'
import { readFiles } from '../../rules/source.ts'
import { sha256 } from '../policy/call.ts'
import { filesFrom, policy } from '../policy/random-policy.ts'
import { allow, deny, instance, ruleIds, starter } from './harness.ts'

type Row = { hash: string; reader: string; content: string; seal: Buffer }

/** What a start reads of files that an earlier one kept, each with all that was said about them. */
function twice(files: readonly PolicyFile[]) {
  const db = openDatabase(':memory:')
  const warned: string[] = []
  const log = { info: () => {}, warn: (text: string) => void warned.push(text), error: () => {} }
  const deps = { db, secrets: fakeSecrets(), log, sha256 }
  const first = createReadings(deps)
  compileSnapshot(files, sha256, null, first.read)
  first.keep(files)
  const rows = db.prepare('SELECT * FROM policy_readings').all() as Row[]
  const compiled = compileSnapshot(structuredClone(files), sha256, null, createReadings(deps).read)
  db.close()
  return { compiled, rows, warned }
}

/** All of a compiled policy that can be written down: rules with where they stand, bindings, complaints with their places. */
const written = ({ snapshot, problems, warnings }: ReturnType<typeof compileSnapshot>) =>
  JSON.stringify([snapshot, problems, warnings])

const [page] = readFiles('docs', /policy\.md$/)
const documented = [...(page?.text ?? '').matchAll(/```(?:yaml|json)\n(.*?)```/gs)]
  .map(([, text = '']) => text)
  .filter((text) => !/^tests:/m.test(text))

test.each(documented.map((text, index) => [index, text]))(
  'example %i of the documentation is the same policy when it was kept',
  (_, text) => {
    const files = [{ path: 'example.yaml', text, origin: 'local' as const }]
    const { compiled, rows, warned } = twice(files)
    expect(rows.map(({ hash }) => hash)).toEqual([sha256(text)])
    expect(written(compiled)).toBe(written(compileSnapshot(files, sha256)))
    expect(warned).toEqual([])
  },
)

test('any policy is the same when it was kept, complaints and their places included', () => {
  const odd = fc.constantFrom(
    '',
    'risk: { destructive: .inf }\n',
    'risk: { no_such: 1 }\n',
    '__proto__: { a: 1 }\n',
    'default: maybe\n',
  )
  fc.assert(
    fc.property(policy, odd, (pieces, more) => {
      const files = filesFrom(pieces).map((file) => ({ ...file, text: `${more}${file.text}` }))
      expect(written(twice(files).compiled)).toBe(written(compileSnapshot(files, sha256)))
    }),
    { numRuns: 200 },
  )
})

test('what JSON cannot hold is not kept, and is read as it stands', () => {
  const files = [{ path: 'a.yaml', text: 'version: v1\nrisk: { destructive: .nan }\n', origin: 'local' as const }]
  expect(twice(files).rows).toEqual([])
})

test('a start takes what was kept, and only what this instance wrote for exactly this text by this reader', () => {
  const it = instance({ 'rules.yaml': starter })
  it.start().close()
  const row = it.db.prepare('SELECT * FROM policy_readings').get() as Row
  const key = it.secrets.entries.get('policy-readings-key') ?? Buffer.alloc(0)
  const sealed = (content: string, by = reader, hash = row.hash) =>
    createHmac('sha256', key)
      .update(JSON.stringify([hash, by, content]))
      .digest()
  const other = row.content.replaceAll('"allow"', '"other"')
  const idsWith = (changed: Partial<Row>) => {
    it.db
      .prepare('UPDATE policy_readings SET reader = @reader, content = @content, seal = @seal')
      .run({ ...row, ...changed })
    const snapshots = it.start()
    snapshots.close()
    return ruleIds(snapshots)
  }
  // Nobody but the instance could write this; so it shows that it is what is taken.
  expect(idsWith({ content: other, seal: sealed(other) })).toEqual(['other', 'ask'])
  for (const changed of [
    { content: other },
    { content: other, seal: Buffer.alloc(0) },
    { content: other, seal: createHmac('sha256', Buffer.alloc(32)).update(other).digest() },
    { content: other, seal: sealed(other, 'yaml 1.0.0'), reader: 'yaml 1.0.0' },
    { content: other, seal: sealed(other, reader, sha256('another text')) },
    { content: '{', seal: sealed('{') },
  ]) {
    expect(idsWith(changed)).toEqual(['allow', 'ask'])
  }
  it.secrets.entries.clear()
  expect(idsWith({})).toEqual(['allow', 'ask'])
})

test('kept is what is in force, and nothing of what was or what waits', () => {
  const it = instance({ 'rules.yaml': starter })
  const snapshots = it.start()
  const kept = () => it.db.prepare('SELECT hash FROM policy_readings').pluck().all()
  expect(kept()).toEqual([sha256(it.read('rules.yaml'))])
  it.write('more.yaml', `version: v1\nrules:\n  - { ${deny} }\n`)
  snapshots.reload()
  expect(kept().sort()).toEqual([it.read('rules.yaml'), it.read('more.yaml')].map(sha256).sort())
  it.write(
    'more.yaml',
    `version: v1\nrules:\n  - { ${allow.replace('id: allow', 'id: shell').replace('read', 'write')} }\n`,
  )
  snapshots.reload()
  expect(snapshots.view().waiting).not.toBeNull()
  expect(kept()).not.toContain(sha256(it.read('more.yaml')))
})

test('what reads is named by the version that does', () => {
  expect(reader).toBe(`yaml ${yaml.version}`)
})
