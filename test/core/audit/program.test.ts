import { execFile } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { exportJsonl } from '../../../src-main/core/audit/export.ts'
import { proofFiles } from '../../../src-main/core/audit/outside.ts'
import { verifyProfile } from '../../../src-main/core/audit/verify-database.ts'
import { auditReader, openToRead } from '../../../src-main/core/store/audit-table.ts'
import { call, newFolder, openProfile, removeFolders } from './profile.ts'
import { attack, buildLog, copyOf, editFile, length } from './tamper.ts'

afterAll(removeFolders)

const program = fileURLToPath(new URL('../../../src-main/headless/verify-audit.ts', import.meta.url))
const { folder } = buildLog(false)

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const done = promisify(execFile)(process.execPath, [program, ...args])
  const { code = 0, stdout, stderr } = await done.catch((error) => error)
  return { code, out: stdout, err: stderr }
}

function exported(database: string): string {
  const file = join(newFolder(), 'audit.jsonl')
  const db = openToRead(database)
  writeFileSync(file, [...exportJsonl(auditReader(db))].map((line) => `${line}\n`).join(''))
  db.close()
  return file
}

test('an export and the public key are all that verification needs', async () => {
  const { paths, key } = copyOf(folder)
  const file = exported(paths.database)
  const vkey = readFileSync(key, 'utf8').trim()
  for (const given of [key, vkey]) {
    const { code, out } = await run('--export', file, '--key', given, '--json')
    expect({ code, report: JSON.parse(out) }).toMatchObject({
      code: 0,
      report: { ok: true, entries: length, checkpoints: 2, first_bad: null },
    })
  }
  editFile(file, (text) => text.replace('record 33', 'record 34'))
  const broken = await run('--export', file, '--key', key)
  expect(broken.code).toBe(1)
  expect(broken.out).toContain('record 33: edited: the text of record 33 does not fit its hash\n')
  expect(broken.out).toContain('first record that cannot be trusted: 33\n')
})

test('a log signed with another key is not taken for ours', async () => {
  const { paths } = copyOf(folder)
  const other = openProfile()
  other.close()
  const { code, out } = await run('--export', exported(paths.database), '--key', proofFiles(other.paths).key)
  expect(code).toBe(1)
  expect(out).toContain('record 20: signature: the checkpoint of 20 records is not signed with the key given')
})

test('an export that is cut off within a line, or in which a line is no line of it', async () => {
  const { paths, key } = copyOf(folder)
  const file = exported(paths.database)
  const text = readFileSync(file, 'utf8')
  for (const damaged of [
    text.slice(0, -100),
    text.replace('{"seq":30,', '{"seq":'),
    text.replace('{"seq":30,', 'null\n'),
  ]) {
    writeFileSync(file, damaged)
    const { code, out } = await run('--export', file, '--key', key, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out).problems[0]).toMatchObject({ kind: 'unreadable' })
  }
})

test('a database with what lies beside it', async () => {
  const fresh = copyOf(folder)
  const args = ['--db', fresh.paths.database, '--key', fresh.key, '--checkpoints', fresh.copies, '--head', fresh.head]
  const intact = await run(...args)
  expect(intact.out).toBe(
    `intact: ${length} records, 2 signed checkpoints\nnot checked: the seal of the head mark: only the instance itself can check it\n`,
  )
  attack(fresh.paths.database, (db) => db.exec('DELETE FROM audit_entries WHERE seq > 50'))
  const cut = await run(...args, '--json')
  expect(cut.code).toBe(1)
  expect(JSON.parse(cut.out)).toMatchObject({
    first_bad: 51,
    problems: [{ kind: 'truncated', seq: 51, through: length }],
  })
})

test('while the gateway runs', async () => {
  const profile = openProfile()
  profile.audit.append([call(1), call(2)])
  const { key, copies, head } = proofFiles(profile.paths)
  const args = ['--db', profile.paths.database, '--key', key, '--head', head, '--json']
  expect(JSON.parse((await run(...args)).out)).toMatchObject({ ok: true, entries: 2 })
  expect(existsSync(copies)).toBe(false)
  expect(verifyProfile(profile.paths, profile.secrets)).toMatchObject({ ok: true, entries: 2 })
  profile.audit.append([call(3)])
  expect(verifyProfile(profile.paths)).toMatchObject({ ok: true, entries: 3 })
  profile.close()
})

test('a file that is no database, or another one', async () => {
  const { paths } = copyOf(folder)
  writeFileSync(paths.database, 'no database at all, '.repeat(500))
  const none = await run('--db', paths.database)
  expect(none).toMatchObject({ code: 1, err: '' })
  expect(none.out).toContain('the database cannot be read: file is not a database')

  const bytes = copyOf(folder)
  const whole = readFileSync(bytes.paths.database)
  // The schema stays readable; the pages behind it do not.
  whole.fill(0xff, 8192)
  writeFileSync(bytes.paths.database, whole)
  const torn = await run('--db', bytes.paths.database)
  expect(torn).toMatchObject({ code: 1, err: '' })
  expect(torn.out).toMatch(/unreadable: .*malformed/)
})

test.each([
  ['nothing', []],
  ['a database and an export', ['--db', program, '--export', program]],
  ['a file that is not there', ['--db', '/nonexistent']],
  ['a key that is none', ['--export', program, '--key', 'toolgate+00+AA']],
  ['an unknown option', ['--exprot', program]],
])('wrong usage: %s', async (_, args) => {
  const { code, out, err } = await run(...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain('usage: verify-audit')
})

test('help', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('exit code: 0 intact'), err: '' })
})

test('without a key it says what it could not check', async () => {
  const { paths } = copyOf(folder)
  cpSync(paths.database, `${paths.database}.copy`)
  const { code, out } = await run('--db', `${paths.database}.copy`)
  expect(code).toBe(0)
  expect(out.split('\n').filter((line) => line.startsWith('not checked'))).toHaveLength(4)
})
