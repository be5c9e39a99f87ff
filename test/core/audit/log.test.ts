import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { ToolgateError } from '../../../shared/errors.ts'
import { commitTo } from '../../../src-main/core/audit/commitment.ts'
import { createAuditLog } from '../../../src-main/core/audit/log.ts'
import { openNote, parseKey } from '../../../src-main/core/audit/note.ts'
import { proofFiles } from '../../../src-main/core/audit/outside.ts'
import { openDatabase } from '../../../src-main/core/store/database.ts'
import { fakeClock } from '../../fakes/clock.ts'
import { fakeSecrets } from '../../fakes/secrets.ts'
import { call, event, newFolder, openProfile, pathsIn, removeFolders } from './profile.ts'

afterAll(removeFolders)

const notes = (profile: ReturnType<typeof openProfile>) =>
  profile.db.prepare('SELECT size, note FROM audit_checkpoints ORDER BY size').all() as { size: number; note: string }[]

test('what is stored is the canonical text of the entry, and its hash is of exactly that text', () => {
  const profile = openProfile()
  const [stored] = profile.audit.append([call(1, { reason: undefined, rule_ids: ['b', 'a'] } as never)])
  const row = profile.db.prepare('SELECT * FROM audit_entries').get() as Record<string, unknown>
  expect(stored).toMatchObject({ v: 1, seq: 1, timestamp: '2026-01-02T03:04:05.678Z', prev_hash: '0'.repeat(64) })
  expect(row.body).toBe(
    '{"agent_id":"client_1","agent_identity":"verified","agent_name":"Editor","call_id":"call_1",' +
      '"correlation_id":"corr_1","kind":"call","prev_hash":"0000000000000000000000000000000000000000000000000000000000000000",' +
      '"protocol_generation":"legacy","rule_ids":["b","a"],"seq":1,"session_id":"session_1","state":"decided",' +
      '"timestamp":"2026-01-02T03:04:05.678Z","tool_name":"read_file","tool_server":"files","user_id":"ana","v":1}',
  )
  expect(row).toMatchObject({ seq: 1, call_id: 'call_1', state: 'decided', server: 'files' })
  expect((row.hash as Buffer).toString('hex')).toBe(
    createHash('sha256')
      .update(row.body as string)
      .digest('hex'),
  )
  const [second] = profile.audit.append([event('gateway.started')])
  expect(second?.prev_hash).toBe((row.hash as Buffer).toString('hex'))
  expect(profile.audit.stats()).toMatchObject({ entries: 2, gap: false, writable: true })
  profile.close()
})

test('a name that is no valid text is stored repaired, and the log still verifies its columns', () => {
  const profile = openProfile()
  profile.audit.append([call(1, { tool_server: 'a\ud800b', tool_name: 'x\u0000\udfff' })])
  expect(profile.audit.tail({ limit: 1 })[0]).toMatchObject({ tool_server: 'a\ufffdb', tool_name: 'x\u0000\ufffd' })
  profile.close()
})

test('several entries, and what belongs to them, are one transaction', () => {
  const profile = openProfile()
  profile.db.exec('CREATE TABLE side (x)')
  profile.audit.append([call(1), call(1, { state: 'forwarding' })], () =>
    profile.db.exec('INSERT INTO side VALUES (1)'),
  )
  expect(profile.db.prepare('SELECT count(*) FROM side').pluck().get()).toBe(1)
  expect(profile.audit.stats().entries).toBe(2)

  const before = profile.audit.stats()
  const refusal = new ToolgateError('APPROVAL_EXPIRED')
  const refuse = () => {
    profile.db.exec('INSERT INTO side VALUES (2)')
    throw refusal
  }
  expect(() => profile.audit.append([call(2)], refuse)).toThrow(refusal)
  expect(profile.db.prepare('SELECT count(*) FROM side').pluck().get()).toBe(1)
  expect(profile.audit.stats()).toEqual(before)
  expect(profile.audit.append([call(3)])[0]).toMatchObject({ seq: 3, prev_hash: before.lastHash })
  profile.close()
})

test.each([
  [
    'inside another transaction',
    (p: ReturnType<typeof openProfile>) => p.db.transaction(() => p.audit.append([call(1)]))(),
  ],
  [
    'from within itself',
    (p: ReturnType<typeof openProfile>) => p.audit.append([call(1)], () => void p.audit.append([call(2)])),
  ],
  [
    'with a value that JSON cannot hold',
    (p: ReturnType<typeof openProfile>) => p.audit.append([event('x', { n: 1n })]),
  ],
  [
    'after the log was closed',
    (p: ReturnType<typeof openProfile>) => {
      p.audit.close()
      p.audit.append([call(1)])
    },
  ],
])('an append %s is refused and leaves nothing', (_, attempt) => {
  const profile = openProfile()
  expect(() => attempt(profile)).toThrow(expect.objectContaining({ code: 'AUDIT_UNWRITABLE' }))
  expect(profile.db.prepare('SELECT count(*) FROM audit_entries').pluck().get()).toBe(0)
  expect(profile.audit.stats().entries).toBe(0)
  profile.close()
})

test('entries can be neither changed, removed nor replaced by accident', () => {
  const profile = openProfile()
  profile.audit.append([call(1)])
  for (const sql of [
    "UPDATE audit_entries SET body = 'x'",
    'DELETE FROM audit_entries',
    "INSERT OR REPLACE INTO audit_entries VALUES (1, 'x', x'00', null, 'x', null)",
  ]) {
    expect(() => profile.db.exec(sql)).toThrow('the audit log is append-only')
  }
  profile.close()
})

test('checkpoints: every 256 entries, a minute after the first unsigned one, and at the end', () => {
  const profile = openProfile()
  for (let i = 1; i <= 255; i++) profile.audit.append([call(i)])
  expect(notes(profile)).toEqual([])
  profile.audit.append([call(256), call(257)])
  expect(notes(profile).map(({ size }) => size)).toEqual([257])

  profile.clock.advance(60_000)
  expect(notes(profile)).toHaveLength(1)
  profile.audit.append([call(258)])
  profile.clock.advance(59_999)
  profile.audit.append([call(259)])
  expect(notes(profile)).toHaveLength(1)
  profile.clock.advance(1)
  expect(notes(profile).map(({ size }) => size)).toEqual([257, 259])

  profile.audit.append([call(260)])
  profile.audit.close()
  expect(notes(profile).map(({ size }) => size)).toEqual([257, 259, 260])

  const files = proofFiles(profile.paths)
  const key = parseKey(readFileSync(files.key, 'utf8'))
  const copies = readFileSync(files.copies, 'utf8')
  expect(copies).toBe(
    notes(profile)
      .map(({ note }) => `${note}\n`)
      .join(''),
  )
  for (const { note, size } of notes(profile)) {
    expect(
      openNote(note, key ? [key] : [])
        ?.split('\n')
        .slice(0, 2),
    ).toEqual([key?.name, `${size}`])
  }
  expect(key?.name).toMatch(/^toolgate\/audit\/[0-9a-f]{16}$/)
  profile.db.close()
})

test('the key is made once and lies nowhere but in the secret store', () => {
  const profile = openProfile()
  const [name, der] = [...profile.secrets.entries][0] ?? []
  expect(name).toBe('audit-signing-key')
  profile.audit.append([call(1)])
  profile.close()
  profile.reopen()
  expect([...profile.secrets.entries]).toEqual([[name, der]])
  profile.close()
  const seed = (der as Buffer).subarray(-32)
  for (const file of [profile.paths.database, ...Object.values(proofFiles(profile.paths))]) {
    const bytes = readFileSync(file)
    expect(
      bytes.includes(seed) || bytes.includes(seed.toString('hex')) || bytes.includes(seed.toString('base64')),
    ).toBe(false)
  }
})

test('open calls are those without an end, also after a restart with and without a checkpoint in between', () => {
  const profile = openProfile()
  profile.audit.append([call(1), call(2), call(3), call(2, { state: 'forwarding', attempt: 1 })])
  profile.audit.append([call(1, { state: 'closed', outcome: 'executed' })])
  const open = () => profile.audit.openCalls().map(({ call_id, last }) => [call_id, last.kind === 'call' && last.state])
  const expected = [
    ['call_3', 'decided'],
    ['call_2', 'forwarding'],
  ]
  expect(open()).toEqual(expected)
  profile.abandon()
  profile.reopen()
  expect(open()).toEqual(expected)
  profile.clock.advance(60_000)
  profile.audit.append([call(4)])
  profile.abandon()
  profile.reopen()
  expect(open()).toEqual([...expected, ['call_4', 'decided']])

  expect(profile.audit.closeInterrupted()).toBe(3)
  expect(profile.audit.openCalls()).toEqual([])
  expect(profile.audit.closeInterrupted()).toBe(0)
  expect(profile.audit.tail({ limit: 10, callId: 'call_2' })[0]).toMatchObject({
    ...call(2, { state: 'closed', attempt: 1 }),
    outcome: 'interrupted',
    reason_code: 'INTERRUPTED',
    reason: 'Toolgate ended while this call was `forwarding`',
  })
  profile.close()
})

test('tail: newest first, page by page, by call and by server', () => {
  const profile = openProfile()
  for (let i = 1; i <= 10; i++) profile.audit.append([call(i, { tool_server: i % 2 ? 'odd' : 'even' })])
  profile.audit.append([event('policy.loaded'), call(4, { state: 'closed', tool_server: 'even' })])
  const seqs = (query: Parameters<typeof profile.audit.tail>[0]) => profile.audit.tail(query).map(({ seq }) => seq)
  expect(seqs({ limit: 3 })).toEqual([12, 11, 10])
  expect(seqs({ limit: 3, before: 10 })).toEqual([9, 8, 7])
  expect(seqs({ limit: 100, callId: 'call_4' })).toEqual([12, 4])
  expect(seqs({ limit: 2, server: 'odd' })).toEqual([9, 7])
  expect(seqs({ limit: 2, server: 'odd', before: 7 })).toEqual([5, 3])
  expect(seqs({ limit: 9, server: 'even', callId: 'call_4', before: 12 })).toEqual([4])
  profile.close()
})

test('searches by call and by server use their indexes', () => {
  const profile = openProfile()
  for (const column of ['call_id', 'server']) {
    const plan = profile.db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT seq, body FROM audit_entries WHERE seq < 9 AND ${column} = 'x' ORDER BY seq DESC LIMIT 5`,
      )
      .all() as { detail: string }[]
    expect(plan.map(({ detail }) => detail).join()).toMatch(/USING INDEX audit_entries_(call|server)/)
    expect(plan.map(({ detail }) => detail).join()).not.toContain('TEMP B-TREE')
  }
  profile.close()
})

test('a commitment to arguments keeps its salt apart', () => {
  const profile = openProfile()
  const params = Buffer.from('{"path":"/tmp/a"}')
  const { hash, salt } = commitTo(params)
  profile.audit.append([call(1, { arguments_hash: hash })], undefined, { call_id: 'call_1', salt })
  const kept = profile.db.prepare('SELECT salt FROM argument_salts WHERE call_id = ?').pluck().get('call_1') as Buffer
  expect(createHash('sha256').update(kept).update(params).digest('hex')).toBe(hash)
  expect(commitTo(params).hash).not.toBe(hash)
  profile.close()
})

test('in memory', async () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const deps = { paths: pathsIn(newFolder()), secrets: fakeSecrets(), clock: fakeClock(), log }
  const audit = createAuditLog({ ...deps, db: openDatabase(':memory:') })
  audit.append([call(1)])
  await audit.durable()
  expect(audit.stats().entries).toBe(1)
  audit.close()
})
