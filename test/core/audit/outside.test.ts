import { appendFileSync, cpSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { proofFiles } from '../../../src-main/core/audit/outside.ts'
import { verifyProfile } from '../../../src-main/core/audit/verify-database.ts'
import { call, openProfile, type Profile, removeFolders } from './profile.ts'

afterAll(removeFolders)

const verified = ({ paths, secrets }: Profile) => verifyProfile(paths, secrets)

function signOne(profile: Profile, id: number): void {
  profile.audit.append([call(id)])
  profile.clock.advance(60_000)
}

test('checkpoints that cannot be copied are copied with the next one', () => {
  const profile = openProfile()
  const { copies } = proofFiles(profile.paths)
  mkdirSync(copies)
  signOne(profile, 1)
  expect(profile.logged).toEqual([expect.stringContaining('cannot be copied')])
  rmdirSync(copies)
  signOne(profile, 2)
  expect(readFileSync(copies, 'utf8').match(/^\d+$/gm)).toEqual(['1', '2'])
  profile.close()
  expect(verified(profile)).toMatchObject({ ok: true, checkpoints: 2 })
})

test('a copy that a crash prevented or cut off is made good at the next start', () => {
  const profile = openProfile()
  const { copies } = proofFiles(profile.paths)
  signOne(profile, 1)
  signOne(profile, 2)
  profile.abandon()
  const whole = readFileSync(copies, 'utf8')
  const second = whole.lastIndexOf('toolgate/')
  for (const kept of [whole.slice(0, second), whole.slice(0, second + 20), whole.slice(0, -3), whole.slice(0, -1)]) {
    writeFileSync(copies, kept)
    expect(verified(profile)).toMatchObject({ ok: true, problems: [] })
    profile.reopen()
    profile.abandon()
    expect(readFileSync(copies, 'utf8')).toBe(whole)
  }
  appendFileSync(copies, 'toolgate/audit/0123')
  profile.reopen()
  expect(profile.audit.stats().gap).toBe(false)
  signOne(profile, 3)
  profile.close()
  expect(verified(profile)).toMatchObject({ ok: true, checkpoints: 3 })
})

test('a head mark older than the database, as a kill between the two leaves it, is no gap', () => {
  const profile = openProfile()
  const { head } = proofFiles(profile.paths)
  profile.audit.append([call(1)])
  const mark = readFileSync(head)
  profile.audit.append([call(2), call(3)])
  profile.abandon()
  writeFileSync(head, mark)
  expect(verified(profile)).toMatchObject({ ok: true })
  profile.reopen()
  expect(profile.audit.stats()).toMatchObject({ gap: false, entries: 3 })
  profile.close()
})

test.each([
  ['what had not been flushed may have gone in a power cut', 5, true],
  ['what had been flushed cannot', 7, false],
])('records are missing: %s', async (_, flushedAt, unsynced) => {
  const profile = openProfile()
  const { database } = profile.paths
  for (let i = 1; i <= 7; i++) {
    profile.audit.append([call(i)])
    if (i === 5) for (const suffix of ['', '-wal']) cpSync(database + suffix, `${database}.old${suffix}`)
    if (i === flushedAt) await profile.audit.durable()
  }
  profile.clock.advance(100)
  profile.abandon()
  for (const suffix of ['', '-wal']) cpSync(`${database}.old${suffix}`, database + suffix)
  profile.reopen()
  const [gap] = profile.audit.tail({ limit: 1 })
  expect(gap).toMatchObject({
    seq: 8,
    event: 'audit.gap',
    detail: { first_bad: 6, missing: [[6, 7]], unsynced, mark: { seq: 7 }, database: { seq: 5, hash: gap?.prev_hash } },
  })
  profile.close()
  const { problems } = verified(profile)
  expect(problems).toEqual([
    { seq: 6, through: 7, kind: 'gap', message: expect.stringMatching(/^records 6 to 7 are missing/) },
  ])
  expect(problems[0]?.message.includes('power cut')).toBe(unsynced)
})
