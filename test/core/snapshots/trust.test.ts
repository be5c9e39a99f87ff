import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testFolder } from '../../fakes/folder.ts'
import { rules } from '../policy/call.ts'
import { allow, deny, type Instance, instance, ruleIds } from './harness.ts'

const onUnix = process.platform !== 'win32'
const makePipe = 'mkfifo'
const asAdministrator = process.getuid?.() === 0

/** What is wrong with the files after `spoil`, with a good policy in force before. */
function problemsAfter(spoil: (it: Instance) => void): string[] {
  const it = instance({ 'a.yaml': rules(allow) })
  it.writeManaged('org.yaml', rules('id: org, when: "true", decision: DENY'))
  const snapshots = it.start()
  const before = snapshots.current()
  spoil(it)
  snapshots.reload()
  expect(snapshots.current()).toBe(before)
  return snapshots.view().problems.map(({ file, message }) => `${file.split('/').at(-1)}: ${message}`)
}

test.skipIf(!onUnix)('a link that leads out of the folder is not followed', () => {
  const elsewhere = join(testFolder(), 'evil.yaml')
  writeFileSync(elsewhere, rules(deny))
  expect(problemsAfter((it) => symlinkSync(elsewhere, join(it.folder, 'b.yaml')))).toEqual([
    'b.yaml: the file is a link that leads out of the policy folder',
  ])
})

test.skipIf(!onUnix)('nor is one to a folder beside it whose name begins alike', () => {
  expect(
    problemsAfter((it) => {
      mkdirSync(`${it.folder}-evil`)
      writeFileSync(join(`${it.folder}-evil`, 'x.yaml'), rules(deny))
      symlinkSync(join(`${it.folder}-evil`, 'x.yaml'), join(it.folder, 'b.yaml'))
    }),
  ).toEqual(['b.yaml: the file is a link that leads out of the policy folder'])
})

test.skipIf(!onUnix)('a link inside the folder is fine', () => {
  const it = instance({ 'a.yaml': rules(allow), 'deny.off': rules(deny) })
  symlinkSync('deny.off', join(it.folder, 'b.yaml'))
  expect(ruleIds(it.start())).toEqual(['allow', 'deny'])
})

test.skipIf(!onUnix)('a file or folder that everybody can write is not trusted', () => {
  expect(problemsAfter((it) => chmodSync(join(it.folder, 'a.yaml'), 0o666))).toEqual([
    'a.yaml: the file can be changed by others',
  ])
  expect(problemsAfter((it) => chmodSync(it.folder, 0o777))).toEqual(['policy: the folder can be changed by others'])
})

test.skipIf(!onUnix)('what is the organisation’s must not be writable by the group either', () => {
  expect(problemsAfter((it) => chmodSync(join(it.managed, 'org.yaml'), 0o620))).toEqual([
    'org.yaml: the file can be changed by others',
  ])
  expect(problemsAfter((it) => chmodSync(it.managed, 0o770))).toEqual(['managed: the folder can be changed by others'])
  expect(problemsAfter((it) => chmodSync(join(it.folder, 'a.yaml'), 0o620))).toEqual([])
})

test.skipIf(!asAdministrator)('a file that belongs to somebody else is not trusted', () => {
  expect(problemsAfter((it) => chownSync(join(it.folder, 'a.yaml'), 12_345, 0))).toEqual([
    'a.yaml: the file belongs to somebody else',
  ])
  expect(problemsAfter((it) => chownSync(it.managed, 12_345, 0))).toEqual([
    'managed: the folder belongs to somebody else',
  ])
})

test.skipIf(!onUnix)('a pipe is not waited for', () => {
  expect(problemsAfter((it) => execFileSync(makePipe, [join(it.folder, 'b.yaml')]))).toEqual([
    'b.yaml: this is not a file',
  ])
})

test('a folder named like a rule file is a problem, not a surprise', () => {
  expect(problemsAfter((it) => mkdirSync(join(it.folder, 'b.yaml')))).toHaveLength(1)
})

test('large files, many files, and files that are not text', () => {
  expect(problemsAfter((it) => truncateSync(join(it.folder, 'a.yaml'), 1024 * 1024 + 1))).toEqual([
    'a.yaml: the file is larger than 1 MiB',
  ])
  expect(problemsAfter((it) => writeFileSync(join(it.folder, 'a.yaml'), Buffer.from([0x61, 0xff])))).toEqual([
    'a.yaml: the file is not UTF-8 text',
  ])
  const many = problemsAfter((it) => {
    for (let i = 0; i < 101; i++) it.write(`b${i}.yaml`, rules(`id: r${i}, when: "true", decision: DENY`))
  })
  expect(many).toEqual(['policy: there is more policy than can be loaded'])
})
