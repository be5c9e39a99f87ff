import { hash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { beginJournal } from '../../../src-main/core/audit/begin-journal.ts'
import { journalFile, openJournal, readJournal } from '../../../src-main/core/audit/journal.ts'
import { readKeys } from '../../../src-main/core/audit/key-file.ts'
import { proofFiles } from '../../../src-main/core/audit/outside.ts'
import { verifyProfile } from '../../../src-main/core/audit/verify-database.ts'
import { verifyExport } from '../../../src-main/core/audit/verify-export.ts'
import { openRecords } from '../../../src-main/core/read-profile.ts'
import { auditTable } from '../../../src-main/core/store/audit-table.ts'
import { testFolder } from '../../fakes/folder.ts'
import { call, openProfile, type Profile, removeFolders } from './profile.ts'

afterAll(removeFolders)

const silent = { info: () => {}, warn: () => {}, error: () => {} }
const verified = ({ paths, secrets }: Profile) => verifyProfile(paths, secrets)
const inDatabase = ({ db }: Profile) => db.prepare('SELECT count(*) FROM audit_entries').pluck().get()
const fileOf = ({ paths }: Profile) => journalFile(paths.database)
/** The groups as an earlier version wrote them: records without what stands beside them. */
function asEarlier(file: string): void {
  const bytes = readFileSync(file)
  const written = frames(bytes).map(({ start, end }) =>
    bytes.toString('utf8', start + 8, end).replace(/^row .*\n/gm, ''),
  )
  bytes.fill(0)
  let at = 0
  for (const text of written) {
    bytes.writeUInt32LE(text.length, at)
    bytes.writeUInt32LE(crc32(text), at + 4)
    at += 8 + bytes.write(text, at + 8)
  }
  writeFileSync(file, bytes)
}
const salt = (id: number) => ({ call_id: `call_${id}`, salt: Buffer.alloc(32, id) })

/** Two records in the database, then three groups of a record each in the journal. */
async function begun(): Promise<Profile> {
  const profile = openProfile()
  profile.audit.append([call(1), call(2)])
  for (const id of [3, 4, 5]) await profile.audit.appendTogether([call(id)], undefined, salt(id))
  expect(inDatabase(profile)).toBe(2)
  return profile
}

test('what is only in the journal counts for whoever reads the log from outside', async () => {
  const profile = await begun()
  expect(verified(profile)).toMatchObject({ ok: true, entries: 5 })
  const records = openRecords(profile.paths.database, silent)
  expect(records.latest(3).map(({ seq }) => seq)).toEqual([3, 4, 5])
  expect(records.latest(9, 'call_4').map(({ seq }) => seq)).toEqual([4])
  expect(records.after(1).map(({ seq }) => seq)).toEqual([2, 3, 4, 5])
  const file = `${profile.paths.profile}/export.jsonl`
  writeFileSync(file, [...records.exported()].join('\n'))
  const keys = readKeys(proofFiles(profile.paths).key)
  expect(verifyExport(file, { keys, copies: null, mark: null })).toMatchObject({ ok: true, entries: 5 })
  records.close()
  profile.close()
})

test('it is moved to the database soon, before anybody inside reads, and at the end', async () => {
  const profile = await begun()
  profile.clock.advance(100)
  expect(inDatabase(profile)).toBe(5)
  expect(profile.db.prepare('SELECT count(*) FROM argument_salts').pluck().get()).toBe(3)
  await profile.audit.appendTogether([call(6)])
  expect(profile.audit.callRecords('call_6')).toHaveLength(1)
  expect(inDatabase(profile)).toBe(6)
  await profile.audit.appendTogether([call(7)])
  profile.audit.append([call(8)])
  expect(profile.audit.tail({ limit: 2 }).map(({ seq }) => seq)).toEqual([8, 7])
  await profile.audit.appendTogether([call(9)])
  profile.close()
  expect(readJournal(fileOf(profile))).toEqual([])
  expect(verified(profile)).toMatchObject({ ok: true, entries: 9, problems: [] })
})

test('what an earlier process left in it is taken over at the next start, salts and checkpoints too', async () => {
  const profile = await begun()
  for (let id = 6; id <= 300; id++) await profile.audit.appendTogether([call(id)])
  expect(inDatabase(profile)).toBe(2)
  expect(verified(profile)).toMatchObject({ ok: true, entries: 300, checkpoints: 1 })
  profile.abandon()
  expect(verified(profile)).toMatchObject({ ok: true, entries: 300, checkpoints: 1 })
  profile.reopen()
  expect(inDatabase(profile)).toBe(300)
  expect(profile.db.prepare('SELECT size FROM audit_checkpoints').pluck().all()).toEqual([256])
  expect(profile.db.prepare("SELECT salt FROM argument_salts WHERE call_id = 'call_4'").pluck().get()).toEqual(
    salt(4).salt,
  )
  expect(profile.audit.stats()).toMatchObject({ entries: 300, gap: false })
  profile.close()
  expect(verified(profile)).toMatchObject({ ok: true, entries: 300 })
})

test('what an earlier version left in it is taken over too', async () => {
  const profile = await begun()
  profile.abandon()
  asEarlier(fileOf(profile))
  expect(verified(profile)).toMatchObject({ ok: true, entries: 5 })
  profile.reopen()
  expect(inDatabase(profile)).toBe(5)
  expect(profile.audit.stats()).toMatchObject({ entries: 5, gap: false })
  profile.close()
  expect(verified(profile)).toMatchObject({ ok: true, entries: 5 })
})

test('what goes straight to the database in between hides nothing', async () => {
  const profile = openProfile()
  for (let id = 1; id <= 400; id += 2) {
    await profile.audit.appendTogether([call(id)])
    if (id % 7 === 0) profile.audit.append([call(id + 1)])
    expect(verified(profile)).toMatchObject({ ok: true, entries: profile.audit.stats().entries })
  }
  profile.close()
})

test('it never grows: what has no room goes to the database, and half of it is free again once that is safe', async () => {
  const profile = openProfile()
  const { size } = statSync(fileOf(profile))
  const long = { reason: 'x'.repeat(10_000) }
  for (let id = 1; id <= 500; id++) {
    await profile.audit.appendTogether([call(id, long)])
    if (id % 60 === 0) await profile.audit.durable()
  }
  await profile.audit.appendTogether([call(501, { reason: 'x'.repeat(size) })])
  expect(statSync(fileOf(profile)).size).toBe(size)
  expect(verified(profile)).toMatchObject({ ok: true, entries: 501 })
  profile.abandon()
  profile.reopen()
  expect(profile.audit.stats()).toMatchObject({ entries: 501, gap: false })
  profile.close()
  expect(verified(profile)).toMatchObject({ ok: true, entries: 501 })
})

/** Where the frames of the first half begin: behind a length and a checksum comes the text. */
function frames(bytes: Buffer): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (let at = 0; bytes.readUInt32LE(at) > 0; at = found.at(-1)?.end ?? 0) {
    found.push({ start: at, end: at + 8 + bytes.readUInt32LE(at) })
  }
  return found
}

test.each([
  { name: 'a frame that a crash cut short', keep: [3, 4, 5], found: [], torn: true },
  { name: 'the last frame is cut off', keep: [3, 4], found: [[5, 'truncated']], cut: 2 },
  { name: 'a byte in the middle is changed', keep: [3], found: [[4, 'truncated']], flip: 1 },
  { name: 'a record is changed, and the checksum with it', keep: [3, 4, 5], found: [[4, 'edited']], edit: 1 },
  { name: 'the last record is changed, and the checksum', keep: [3, 4, 5], found: [[5, 'edited']], edit: 2 },
  {
    name: 'the last record is changed, its hash and the checksum',
    keep: [3, 4, 5],
    found: [[1, 'rewritten']],
    edit: 2,
    rehash: true,
  },
  { name: 'the file is gone', keep: [], found: [[3, 'truncated']], cut: 0 },
])('$name', async ({ keep, found, torn, cut, flip, edit, rehash }) => {
  const profile = await begun()
  profile.abandon()
  const bytes = readFileSync(fileOf(profile))
  const at = frames(bytes)
  if (torn) bytes.write('\x90\x02\x00\x00abcd{"agent_id":"cl', at.at(-1)?.end ?? 0, 'latin1')
  if (cut !== undefined) bytes.writeUInt32LE(0, at[cut]?.start ?? 0)
  const [frame, index] = [
    at[flip ?? edit ?? 0] ?? { start: 0, end: 0 },
    bytes.indexOf('Editor', at[flip ?? edit ?? 0]?.start),
  ]
  if (flip !== undefined || edit !== undefined) bytes.write('Evitor', index)
  if (rehash) {
    const [beside = '', body = ''] = bytes.toString('utf8', frame.start + 8, frame.end).split('\n')
    bytes.write(beside.replace(/[0-9a-f]{64}/, hash('sha256', body, 'hex')), frame.start + 8)
  }
  if (edit !== undefined) bytes.writeUInt32LE(crc32(bytes.subarray(frame.start + 8, frame.end)), frame.start + 4)
  writeFileSync(fileOf(profile), bytes)

  const rows = readJournal(fileOf(profile)).flatMap((group) => group.rows)
  expect(rows.map(({ seq }) => seq)).toEqual(keep)
  const { problems } = verified(profile)
  expect(problems.map(({ seq, kind }) => [seq, kind])).toEqual(found)
  profile.reopen()
  expect(profile.audit.stats().gap).toBe(found.length > 0)
  profile.close()
  expect(verified(profile).ok).toBe(found.length === 0)
})

test('what was moved but may not be flushed yet is flushed before the journal begins anew', async () => {
  const profile = await begun()
  const file = fileOf(profile)
  profile.clock.advance(100)
  expect(inDatabase(profile)).toBe(5)
  // As a kill between the move and the flush after it leaves it: the groups are in both.
  const held = readJournal(file).flatMap(({ rows }) => rows.map(({ seq }) => seq))
  expect(held).toEqual([3, 4, 5])
  const heldAtFlush: number[] = []
  const flush = () => void heldAtFlush.push(...readJournal(file).flatMap(({ rows }) => rows.map(({ seq }) => seq)))
  beginJournal(profile.db, auditTable(profile.db), flush).close(true)
  expect(heldAtFlush).toEqual([3, 4, 5])
  profile.abandon()
})

test.each([
  '{"kind":"event","seq":6}\n',
  'row [6,5,null,"an.event",null]\n{"kind":"event","seq":6}\n',
  'row [6,"00",{},"an.event",null]\n{"kind":"event","seq":6}\n',
  'row [6,"00",null,"an.event",7]\n{"kind":"event","seq":6}\n',
  'row null\n{"kind":"event","seq":6}\n',
])('groups that somebody made up keep no log from opening: %j', async (text) => {
  const profile = await begun()
  profile.abandon()
  const bytes = readFileSync(fileOf(profile))
  // The groups once more in the next part, whose first is of an older number; and one that is no record of a kind.
  const [, second = { start: 0, end: 0 }, third = { start: 0, end: 0 }] = frames(bytes)
  bytes.copy(bytes, bytes.length / 4, second.start, third.end)
  bytes.writeUInt32LE(text.length, third.end)
  bytes.writeUInt32LE(crc32(text), third.end + 4)
  bytes.write(text, third.end + 8)
  writeFileSync(fileOf(profile), bytes)
  profile.reopen()
  expect(profile.audit.stats()).toMatchObject({ entries: 5, gap: false })
  profile.close()
  expect(verified(profile)).toMatchObject({ ok: true, entries: 5 })
})

test('a flush that ends after the log writes no mark into whatever file took the place of its own', async () => {
  const profile = openProfile()
  profile.audit.append([call(1)])
  const flushed = profile.audit.durable()
  await new Promise((resolve) => setImmediate(resolve))
  profile.audit.append([call(2)])
  profile.close()
  const others = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `${profile.paths.profile}/other-${n}`)
  for (const other of others) openSync(other, 'w+')
  await flushed
  profile.clock.advance(1_000)
  expect(profile.logged).toEqual([])
  expect(others.map((other) => statSync(other).size)).toEqual(others.map(() => 0))
})

test.skipIf(process.platform !== 'linux')('a journal that cannot be written any more ends nothing', async () => {
  const profile = await begun()
  const file = fileOf(profile)
  const linkOf = (fd: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return null
    }
  }
  const fd = readdirSync('/proc/self/fd').find((each) => linkOf(each) === file)
  closeSync(Number(fd))
  expect(openSync(file, 'r')).toBe(Number(fd))
  profile.clock.advance(100)
  expect(inDatabase(profile)).toBe(5)
  // By now what was moved is flushed, and its part was to be freed.
  await profile.audit.durable()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await profile.audit.appendTogether([call(6)])
  await profile.audit.appendTogether([call(7)])
  expect(inDatabase(profile)).toBe(7)
  expect(verified(profile)).toMatchObject({ ok: true, entries: 7 })
  profile.abandon()
})

describe('while it is read', () => {
  const group = (...seqs: number[]) => ({
    rows: seqs.map((seq) => ({ seq, body: `{"seq":${seq}}`, hash: '', call_id: null, state: 'a.b', server: null })),
    ...{ salts: [], checkpoint: null },
  })
  const numbers = (groups: readonly { rows: readonly { seq: number }[] }[]) =>
    groups.flatMap(({ rows }) => rows.map(({ seq }) => seq))

  /** The bytes of a journal before and after its writer went on in the next part, `last` the group that it begins with. */
  function turned(last: ReturnType<typeof group>): { file: string; before: Buffer; after: Buffer } {
    const file = join(testFolder(), 'journal')
    const journal = openJournal(file)
    journal.write(group(1, 2))
    const before = readFileSync(file)
    journal.write(group(3))
    expect(journal.turn()).toBe(true)
    journal.write(last)
    const after = readFileSync(file)
    journal.close(false)
    return { file, before, after }
  }

  test('its writer may go on in the next part: nothing between the two is missed', () => {
    const { file, before, after } = turned(group(4))
    const part = before.length / 4
    const torn = Buffer.concat([before.subarray(0, part), after.subarray(part)])
    expect(numbers(readJournal(file, () => torn))).toEqual([1, 2, 4])
    const reads = [torn, after]
    expect(numbers(readJournal(file, () => reads.shift() as Buffer))).toEqual([1, 2, 3, 4])
    expect(reads).toEqual([])
  })

  test('what went straight to the database is not waited for', () => {
    const { file, after } = turned(group(9))
    let reads = 0
    const read = () => {
      reads++
      return after
    }
    expect(numbers(readJournal(file, read))).toEqual([1, 2, 3, 9])
    expect(reads).toBe(2)
  })
})
