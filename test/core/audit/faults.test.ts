import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { exportJsonl } from '../../../src-main/core/audit/export.ts'
import { createGroupSync } from '../../../src-main/core/audit/group-sync.ts'
import { journalFile, readJournal } from '../../../src-main/core/audit/journal.ts'
import { readKeys } from '../../../src-main/core/audit/key-file.ts'
import { proofFiles } from '../../../src-main/core/audit/outside.ts'
import { verifyProfile } from '../../../src-main/core/audit/verify-database.ts'
import { verifyExport } from '../../../src-main/core/audit/verify-export.ts'
import { auditReader, auditTable, openToRead } from '../../../src-main/core/store/audit-table.ts'
import { call, newFolder, openProfile, type Profile, removeFolders } from './profile.ts'

afterAll(removeFolders)

const unwritable = expect.objectContaining({ code: 'AUDIT_UNWRITABLE' })

describe('a killed process', () => {
  test('loses nothing that an append returned, and the next one closes what it left open', async () => {
    const profile = openProfile()
    const { paths, secrets } = profile
    const key = keyOf(profile)
    profile.close()
    for (const limit of [1, 2, 3, 7, 64, 255, 300, 513]) {
      const { promised, errors } = await runUntilKilled(paths.profile, key, limit)
      expect(errors).toBe('')
      const report = verifyProfile(paths, secrets)
      expect(report).toMatchObject({ ok: true, problems: [] })
      expect(report.entries).toBeGreaterThanOrEqual(promised)
    }
    profile.reopen()
    const left = () => auditTable(profile.db).lastOfOpenCalls().length
    const before = left()
    expect(before).toBeLessThanOrEqual(1)
    expect(profile.audit.closeInterrupted()).toBe(before)
    expect(left()).toBe(0)
    expect(profile.audit.stats()).toMatchObject({ gap: false })
    profile.close()
    expect(verifyProfile(paths, secrets)).toMatchObject({ ok: true })
  })
})

test('a log that is being written verifies, and so does an export of it', async () => {
  const profile = openProfile()
  const { paths, secrets } = profile
  profile.close()
  const child = appendForever(paths.profile, keyOf(profile))
  await once(child.stdout, 'data')
  let entries = 0
  for (let round = 0; round < 30; round++) {
    const report = verifyProfile(paths, secrets)
    expect(report).toMatchObject({ ok: true, problems: [] })
    expect(report.entries).toBeGreaterThanOrEqual(entries)
    entries = report.entries
    const ahead = readJournal(journalFile(paths.database))
    const db = openToRead(paths.database)
    const file = join(paths.profile, 'export.jsonl')
    writeFileSync(file, [...exportJsonl(auditReader(db, ahead))].join('\n'))
    db.close()
    expect(verifyExport(file, { keys: readKeys(proofFiles(paths).key), copies: null, mark: null })).toMatchObject({
      ok: true,
      problems: [],
    })
  }
  expect(entries).toBeGreaterThan(0)
  child.kill('SIGKILL')
  await once(child, 'close')
})

function keyOf({ secrets }: Profile): Buffer {
  return [...secrets.entries.values()][0] as Buffer
}

function appendForever(folder: string, key: Buffer) {
  const script = fileURLToPath(new URL('../../fakes/append-forever.ts', import.meta.url))
  return spawn(process.execPath, [script, folder, key.toString('hex')], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Runs a process that appends, kills it after so many of its lines, and gives the last record number that it said. */
async function runUntilKilled(folder: string, key: Buffer, lines: number) {
  const child = appendForever(folder, key)
  let output = ''
  let errors = ''
  child.stderr.on('data', (data) => (errors += data))
  child.stdout.on('data', (data) => {
    output += data
    if (output.split('\n').length > lines) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return { promised: Number(output.split('\n').at(-2)) || 0, errors }
}

describe('a log that cannot be written', () => {
  test('a full disk: refused, nothing changed, and appends work again when there is room', () => {
    const profile = openProfile()
    profile.audit.append([call(0)])
    const pages = profile.db.pragma('page_count', { simple: true })
    profile.db.pragma(`max_page_count = ${pages}`)
    let written = 1
    const fill = () => {
      for (; written < 10_000; written++)
        profile.audit.append([call(written)], undefined, { call_id: `call_${written}`, salt: Buffer.alloc(32) })
    }
    expect(fill).toThrow(unwritable)
    const before = profile.audit.stats()
    expect(before).toMatchObject({ entries: written, writable: false })
    expect(() => profile.audit.append([call('big', { reason: 'x'.repeat(100_000) }), call('small')])).toThrow(/full/)
    expect(profile.audit.stats()).toEqual(before)
    expect(profile.db.prepare('SELECT count(*) FROM argument_salts').pluck().get()).toBe(written - 1)

    profile.db.pragma('max_page_count = 100000')
    expect(profile.audit.append([call('again')])[0]).toMatchObject({ seq: written + 1, prev_hash: before.lastHash })
    expect(profile.audit.stats().writable).toBe(true)
    profile.close()
    expect(verifyProfile(profile.paths, profile.secrets)).toMatchObject({
      ok: true,
      entries: written + 1,
      checkpoints: 1,
    })
  })

  test('another process has the database locked', async () => {
    const profile = openProfile()
    profile.audit.append([call(1)])
    profile.db.pragma('busy_timeout = 20')
    const locker = await lock(profile.paths.database)
    expect(() => profile.audit.append([call(2)])).toThrow(unwritable)
    expect(profile.audit.stats()).toMatchObject({ entries: 1, writable: false })
    locker.kill('SIGKILL')
    await once(locker, 'close')
    expect(profile.audit.append([call(3)])[0]?.seq).toBe(2)
    profile.close()
    expect(verifyProfile(profile.paths, profile.secrets)).toMatchObject({ ok: true, entries: 2 })
  })

  test('a database that can only be read', () => {
    const profile = openProfile()
    profile.audit.append([call(1)])
    profile.db.pragma('query_only = ON')
    expect(() => profile.audit.append([call(2)])).toThrow(unwritable)
    // A checkpoint that falls due meanwhile is signed a minute later.
    profile.clock.advance(60_000)
    expect(profile.logged).toEqual([expect.stringContaining('cannot be signed now')])
    profile.db.pragma('query_only = OFF')
    profile.clock.advance(60_000)
    expect(profile.db.prepare('SELECT size FROM audit_checkpoints').pluck().all()).toEqual([1])
    expect(profile.audit.append([call(3)])[0]?.seq).toBe(2)
    profile.close()
  })

  test('an absurd clock', () => {
    const profile = openProfile()
    profile.clock.setWall(Number.NaN)
    expect(() => profile.audit.append([call(1)])).toThrow(unwritable)
    profile.clock.setWall(0)
    expect(profile.audit.append([call(2)])[0]).toMatchObject({ seq: 1, timestamp: '1970-01-01T00:00:00.000Z' })
    profile.close()
    expect(verifyProfile(profile.paths, profile.secrets)).toMatchObject({ ok: true })
  })

  test('a signing key that is no key: the log does not open', () => {
    const profile = openProfile()
    profile.close()
    profile.secrets.set('audit-signing-key', Buffer.from('x'))
    expect(() => profile.reopen()).toThrow(unwritable)
    profile.db.close()
  })

  test('a signing key that is gone: the log goes on under a new one, and says so', () => {
    const profile = openProfile()
    profile.audit.append([call(1)])
    profile.close()
    profile.secrets.delete('audit-signing-key')
    profile.reopen()
    expect(profile.audit.stats()).toMatchObject({ gap: true, entries: 2 })
    profile.close()
    expect(verifyProfile(profile.paths, profile.secrets)).toMatchObject({ ok: false, first_bad: 1 })
  })

  test('a log that is gone while its key is not', () => {
    const profile = openProfile()
    profile.audit.append([call(1)])
    profile.close()
    const begunAnew = openProfile(newFolder(), profile.secrets)
    expect(begunAnew.audit.stats()).toMatchObject({ gap: true, entries: 1 })
    begunAnew.close()
  })
})

/** A process that holds the write lock of a database until it is killed. */
async function lock(database: string): Promise<ChildProcess> {
  const script = `
    import Database from 'better-sqlite3'
    new Database(process.argv[1]).exec('BEGIN EXCLUSIVE')
    console.log('locked')
    setInterval(() => {}, 1000)`
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const args = ['--input-type=module', '-e', script, database]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

describe('durable', () => {
  test('everything appended before it survives, for all who wait together', async () => {
    const profile = openProfile()
    await profile.audit.durable()
    for (let i = 1; i <= 50; i++) {
      profile.audit.append([call(i)])
      if (i % 10 === 0) await Promise.all(Array.from({ length: 8 }, () => profile.audit.durable()))
    }
    const waiting = Array.from({ length: 3 }, () => profile.audit.durable())
    profile.close()
    await Promise.all(waiting)
    expect(verifyProfile(profile.paths, profile.secrets)).toMatchObject({ ok: true })
  })

  test('a flush that fails refuses calls from then on', async () => {
    const profile = openProfile()
    profile.audit.append([call(1)])
    rmSync(`${profile.paths.database}-wal`)
    await expect(profile.audit.durable()).rejects.toEqual(unwritable)
    expect(profile.audit.stats().writable).toBe(false)
    expect(() => profile.audit.append([call(2)])).toThrow(unwritable)
    await expect(profile.audit.durable()).rejects.toEqual(unwritable)
    profile.close()
  })

  test('who comes in one turn shares a flush, and who comes during it the next one; a failed flush is never tried again', async () => {
    const flushes: { done: () => void; fail: (error: Error) => void }[] = []
    const sync = createGroupSync(() => new Promise((done, fail) => void flushes.push({ done, fail })))
    const first = Promise.all([sync(), sync()])
    expect(flushes).toHaveLength(0)
    await setImmediate()
    const during = [sync(), sync(), sync()]
    expect(flushes).toHaveLength(1)
    flushes[0]?.done()
    await first
    await setImmediate()
    expect(flushes).toHaveLength(2)
    const later = sync()
    flushes[1]?.done()
    await Promise.all(during)
    await setImmediate()
    expect(flushes).toHaveLength(3)
    flushes[2]?.fail(new Error('the disk is gone'))
    await expect(later).rejects.toThrow('the disk is gone')
    await expect(sync()).rejects.toThrow('the disk is gone')
    await expect(sync()).rejects.toThrow('the disk is gone')
    expect(flushes).toHaveLength(3)
  })
})
