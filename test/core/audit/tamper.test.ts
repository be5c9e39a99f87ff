import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyProfile } from '../../../src-main/core/audit/verify-database.ts'
import type { Db } from '../../../src-main/core/store/database.ts'
import { openProfile, removeFolders } from './profile.ts'
import {
  attack,
  buildLog,
  type Copy,
  changed,
  copyOf,
  editFile,
  length,
  rechained,
  replaceRows,
  rows,
} from './tamper.ts'

afterAll(removeFolders)

const open = buildLog(false, [10, 30, 50])
const closed = buildLog(true)

/** What is done to a log, and what must be found first: kind, record, and the end of the range where there is one. */
type Attack = {
  name: string
  on?: typeof open
  act: (copy: Copy) => void
  found: [kind: string, seq: number, through?: number]
}

const onDb = (act: (db: Db) => void) => (copy: Copy) => attack(copy.paths.database, act)
const onRows = (act: (all: ReturnType<typeof rows>) => ReturnType<typeof rows>) =>
  onDb((db) => replaceRows(db, act(rows(db))))

const attacks: Attack[] = [
  {
    name: 'a text is changed',
    found: ['edited', 7],
    act: onDb((db) => db.exec("UPDATE audit_entries SET body = replace(body, 'record 7', 'record 8') WHERE seq = 7")),
  },
  {
    name: 'a hash is changed',
    found: ['edited', 7],
    act: onDb((db) => db.exec('UPDATE audit_entries SET hash = zeroblob(32) WHERE seq = 7')),
  },
  {
    name: 'a text is made unreadable',
    found: ['unreadable', 7],
    act: onDb((db) => db.exec("UPDATE audit_entries SET body = 'gone' WHERE seq = 7")),
  },
  {
    name: 'a text and its hash are changed',
    found: ['edited', 7],
    act: onRows((all) => all.map((row) => (row.seq === 7 ? changed(row, { reason: 'x' }) : row))),
  },
  {
    name: 'the last record under a checkpoint and its hash are changed',
    found: ['edited', 20],
    act: onRows((all) => all.map((row) => (row.seq === 20 ? changed(row, { reason: 'x' }) : row))),
  },
  {
    name: 'the first record and its hash are changed',
    found: ['edited', 1],
    act: onRows((all) => all.map((row) => (row.seq === 1 ? changed(row, { reason: 'x' }) : row))),
  },
  {
    name: 'the first record names a record before it',
    found: ['edited', 1],
    act: onRows((all) => all.map((row) => (row.seq === 1 ? changed(row, { prev_hash: 'f'.repeat(64) }) : row))),
  },
  {
    name: 'the last record and its hash are changed',
    found: ['rewritten', 41, length],
    act: onRows((all) => all.map((row) => (row.seq === length ? changed(row, { reason: 'x' }) : row))),
  },
  {
    name: 'the call of a record is changed for searches',
    found: ['edited', 7],
    act: onDb((db) => db.exec("UPDATE audit_entries SET call_id = 'call_8' WHERE seq = 7")),
  },
  {
    name: 'the state of a record is changed for searches',
    found: ['edited', 7],
    act: onDb((db) => db.exec("UPDATE audit_entries SET state = 'closed' WHERE seq = 7")),
  },
  {
    name: 'the server of a record is changed for searches',
    found: ['edited', 7],
    act: onDb((db) => db.exec('UPDATE audit_entries SET server = NULL WHERE seq = 7')),
  },
  {
    name: 'a record in the middle is deleted',
    found: ['missing', 7, 7],
    act: onDb((db) => db.exec('DELETE FROM audit_entries WHERE seq = 7')),
  },
  {
    name: 'the beginning is deleted',
    found: ['missing', 1, 9],
    act: onDb((db) => db.exec('DELETE FROM audit_entries WHERE seq < 10')),
  },
  {
    name: 'the end is deleted',
    found: ['truncated', 50, length],
    act: onDb((db) => db.exec('DELETE FROM audit_entries WHERE seq >= 50')),
  },
  {
    name: 'the end is deleted from under a checkpoint',
    found: ['truncated', 30, length],
    act: onDb((db) => db.exec('DELETE FROM audit_entries WHERE seq >= 30')),
  },
  {
    name: 'the end is deleted with its checkpoints',
    found: ['rolled-back', 30, length],
    act: onDb((db) =>
      db.exec('DELETE FROM audit_entries WHERE seq >= 30; DELETE FROM audit_checkpoints WHERE size >= 30'),
    ),
  },
  {
    name: 'everything is deleted',
    found: ['truncated', 1, length],
    act: onDb((db) => db.exec('DELETE FROM audit_entries')),
  },
  {
    name: 'a record is deleted and the others renumbered',
    found: ['reordered', 7],
    act: onRows((all) =>
      all.filter(({ seq }) => seq !== 7).map((row) => (row.seq > 7 ? { ...row, seq: row.seq - 1 } : row)),
    ),
  },
  {
    name: 'two records are swapped',
    found: ['reordered', 7],
    act: onRows((all) =>
      all.map((row) => ({ ...(all[row.seq === 7 ? 11 : row.seq === 12 ? 6 : row.seq - 1] ?? row), seq: row.seq })),
    ),
  },
  {
    name: 'two neighbours are swapped',
    found: ['reordered', 7],
    act: onRows((all) =>
      all.map((row) => ({ ...(all[row.seq === 7 ? 7 : row.seq === 8 ? 6 : row.seq - 1] ?? row), seq: row.seq })),
    ),
  },
  {
    name: 'a record is put in between',
    found: ['inserted', 7],
    act: onRows((all) =>
      all.flatMap((row) =>
        row.seq < 7
          ? [row]
          : row.seq === 7
            ? [changed(row, { reason: 'never happened' }), { ...row, seq: 8 }]
            : [{ ...row, seq: row.seq + 1 }],
      ),
    ),
  },
  {
    name: 'a record is put before the first',
    found: ['inserted', 1],
    act: onRows((all) => [{ ...(all[0] as (typeof all)[0]), seq: 0 }, ...all]),
  },
  {
    name: 'a record is added after the log was closed',
    on: closed,
    found: ['inserted', length + 1, length + 1],
    act: onRows((all) => {
      const last = all.at(-1) as (typeof all)[0]
      return [...all, { ...changed(last, { seq: length + 1, prev_hash: last.hash.toString('hex') }), seq: length + 1 }]
    }),
  },
  {
    name: 'history is rewritten from a record on, with all hashes',
    found: ['rewritten', 21, 40],
    act: onRows((all) =>
      rechained(
        all.map((row) => (row.seq === 33 ? changed(row, { reason: 'x' }) : row)),
        33,
      ),
    ),
  },
  {
    name: 'history is rewritten from the beginning',
    found: ['rewritten', 1, 20],
    act: onRows((all) =>
      rechained(
        all.map((row) => (row.seq === 1 ? changed(row, { user_id: 'bob' }) : row)),
        1,
      ),
    ),
  },
  {
    name: 'history is rewritten after the last checkpoint',
    found: ['rewritten', 41, length],
    act: onRows((all) =>
      rechained(
        all.map((row) => (row.seq === 45 ? changed(row, { reason: 'x' }) : row)),
        45,
      ),
    ),
  },
  {
    name: 'a record is deleted and history rewritten without it',
    found: ['rewritten', 1, 20],
    act: onRows((all) =>
      rechained(
        all.filter(({ seq }) => seq !== 9),
        9,
      ),
    ),
  },
  {
    name: 'the database is an older copy, older than a checkpoint',
    found: ['rolled-back', 31, length],
    act: (copy) => cpSync(copy.older(30), copy.paths.database),
  },
  {
    name: 'the database is an older copy, newer than all checkpoints',
    found: ['truncated', 51, length],
    act: (copy) => cpSync(copy.older(50), copy.paths.database),
  },
  {
    name: 'the database is an older copy, without a checkpoint',
    found: ['rolled-back', 11, length],
    act: (copy) => cpSync(copy.older(10), copy.paths.database),
  },
  {
    name: 'a checkpoint is deleted from the database',
    found: ['missing', 20],
    act: onDb((db) => db.exec('DELETE FROM audit_checkpoints WHERE size = 20')),
  },
  {
    name: 'all checkpoints are deleted from the database',
    found: ['missing', 20],
    act: onDb((db) => db.exec('DELETE FROM audit_checkpoints')),
  },
  {
    name: 'a checkpoint is deleted from the copies',
    found: ['missing', 20],
    act: (copy) => editFile(copy.copies, (text) => text.slice(text.indexOf('\n\ntoolgate/') + 2)),
  },
  {
    name: 'the size in a checkpoint is changed',
    found: ['signature', 19],
    act: onDb((db) => db.exec("UPDATE audit_checkpoints SET note = replace(note, '\n20\n', '\n19\n') WHERE size = 20")),
  },
  {
    name: 'a copied checkpoint is changed',
    found: ['missing', 20],
    act: (copy) => editFile(copy.copies, (text) => text.replace('\n20\n', '\n21\n')),
  },
  {
    name: 'a checkpoint is no checkpoint',
    found: ['signature', 1],
    act: onDb((db) => db.exec("UPDATE audit_checkpoints SET note = 'x' WHERE size = 20")),
  },
  {
    name: 'the head mark is changed',
    found: ['signature', 41],
    act: (copy) => editFile(copy.head, (text) => text.replace(' 57 ', ' 50 ')),
  },
  { name: 'the head mark is deleted', found: ['truncated', length + 1], act: (copy) => rmSync(copy.head) },
  {
    name: 'the file is no database',
    found: ['unreadable', 1],
    act: (copy) => writeFileSync(copy.paths.database, 'x'.repeat(8192)),
  },
  { name: 'the file is gone', found: ['unreadable', 1], act: (copy) => rmSync(copy.paths.database) },
  { name: 'the tables are gone', found: ['unreadable', 1], act: onDb((db) => db.exec('DROP TABLE audit_entries')) },
]

test.each([
  ['open', open],
  ['closed', closed],
])('the %s log is intact before anything is done to it', (_, { folder, secrets }) => {
  const { paths } = copyOf(folder)
  expect(verifyProfile(paths, secrets)).toMatchObject({
    ok: true,
    entries: length,
    first_bad: null,
    problems: [],
    unchecked: [],
  })
  expect(verifyProfile(paths)).toMatchObject({
    ok: true,
    unchecked: [expect.stringContaining('seal of the head mark')],
  })
})

describe('what is done to a log is found', () => {
  test.each(attacks)('$name', ({ on = open, act, found: [kind, seq, through] }) => {
    const copy = copyOf(on.folder)
    act(copy)
    const report = verifyProfile(copy.paths, on.secrets)
    expect(report).toMatchObject({ ok: false, first_bad: seq })
    expect(report.problems[0]).toMatchObject({ kind, seq, ...(through && { through }) })
  })
})

describe('what is done to a log between two runs is recorded at the next start and never forgotten', () => {
  // What lies before the last checkpoint is left to verification, which goes over everything.
  const late = attacks.filter(({ found: [kind, seq, through] }) => kind !== 'unreadable' && (through ?? seq) > 40)
  test.each(late)('$name', ({ on = open, act, found: [, seq] }) => {
    const copy = copyOf(on.folder)
    act(copy)
    const profile = openProfile(copy.paths.profile, on.secrets)
    expect(profile.audit.stats().gap).toBe(true)
    const [gap] = profile.audit.tail({ limit: 1 })
    expect(gap).toMatchObject({ kind: 'event', event: 'audit.gap', detail: { first_bad: seq } })
    expect(profile.logged).toContainEqual(expect.stringContaining('not as it was left'))
    profile.close()

    const report = verifyProfile(copy.paths, on.secrets)
    expect(report).toMatchObject({ ok: false })
    expect(report.problems).toContainEqual(expect.objectContaining({ kind: 'gap', seq }))
    // The numbers of what is missing are not given again.
    expect(gap?.seq).toBeGreaterThan(length)

    profile.reopen()
    expect(profile.audit.stats()).toMatchObject({ gap: true, entries: gap?.seq })
    profile.close()
  })
})
