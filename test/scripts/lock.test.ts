import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from '../../scripts/setup/lock.mjs'

let folder = ''
let lock = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-lock-'))
  lock = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process id that is certainly nobody's: that of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid

test('only one holds it at a time, and nothing is left behind', async () => {
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise(setImmediate)
    inside--
  }
  await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)])
  expect({ most, left: readdirSync(folder) }).toEqual({ most: 1, left: [] })
})

test('it is given back when the work fails', async () => {
  const broken = withLock(lock, async () => {
    throw new Error('broken')
  })
  await expect(broken).rejects.toThrow('broken')
  expect(existsSync(lock)).toBe(false)
})

test.each([
  ['a process that has ended', () => writeFileSync(lock, `${deadPid()} x`)],
  [
    'a holder that gave no sign for long',
    () => {
      writeFileSync(lock, `${process.pid} x`)
      utimesSync(lock, 0, 0)
    },
  ],
])('the lock of %s is taken over', async (_, leave) => {
  leave()
  const holder = await withLock(lock, async () => readFileSync(lock, 'utf8'))
  expect(holder).toMatch(new RegExp(`^${process.pid} `))
  expect(readdirSync(folder)).toEqual([])
})
