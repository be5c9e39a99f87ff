import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileLog } from '../../src-main/host/log.ts'
import { instancePaths, preparePaths } from '../../src-main/host/paths.ts'
import { privateFolder } from '../../src-main/host/private-folder.ts'
import { defaultProfile, socketPath } from '../../src-main/shim/profile.ts'
import { fakeClock } from '../fakes/clock.ts'
import { testFolder } from '../fakes/folder.ts'

test('an instance lies in one folder, private to this user', () => {
  const profile = join(testFolder(), 'profile')
  const paths = instancePaths(profile)
  preparePaths(paths)
  const { managedPolicy, ...own } = paths
  for (const path of Object.values(own)) expect(path.startsWith(profile)).toBe(true)
  expect(managedPolicy.startsWith(profile)).toBe(false)
  for (const folder of [profile, paths.run, paths.keys]) expect(statSync(folder).mode & 0o777).toBe(0o700)
})

test('which profile: the one named, else the environment, else the default', () => {
  const before = process.env.TOOLGATE_PROFILE
  try {
    process.env.TOOLGATE_PROFILE = '/somewhere/else'
    expect(instancePaths('/named').profile).toBe('/named')
    expect(instancePaths().profile).toBe('/somewhere/else')
    process.env.TOOLGATE_PROFILE = ''
    expect(() => instancePaths()).toThrow('is empty')
    expect(instancePaths('/named').profile).toBe('/named')
    delete process.env.TOOLGATE_PROFILE
    expect(() => instancePaths('')).toThrow('is empty')
    expect(instancePaths().profile).toBe(defaultProfile())
  } finally {
    if (before !== undefined) process.env.TOOLGATE_PROFILE = before
  }
})

test('a folder that holds other things is not taken over', () => {
  const folder = testFolder()
  writeFileSync(join(folder, 'thesis.txt'), '')
  chmodSync(folder, 0o755)
  expect(() => preparePaths(instancePaths(folder))).toThrow('holds other things and is no profile')
  expect(statSync(folder).mode & 0o777).toBe(0o755)
})

test('a socket path too long moves to a short one of its own, the same for everyone who asks', () => {
  const long = `/${'deep/'.repeat(30)}profile`
  expect(socketPath('/p')).toBe('/p/run/gateway.sock')
  expect(socketPath(long)).toMatch(/^\/tmp\/toolgate-\d+\/[0-9a-f]{24}\.sock$/)
  expect(socketPath(`${long}/`)).toBe(socketPath(long))
  expect(socketPath(`${long}2`)).not.toBe(socketPath(long))
})

test('a link or file in the place of a private folder is refused', () => {
  const folder = testFolder()
  writeFileSync(join(folder, 'file'), '')
  expect(() => privateFolder(join(folder, 'file'))).toThrow()
  mkdirSync(join(folder, 'open'), { mode: 0o755 })
  privateFolder(join(folder, 'open'))
  expect(statSync(join(folder, 'open')).mode & 0o777).toBe(0o700)
})

test('the log is one JSON object a line, private, and starts anew when it has grown', () => {
  const folder = testFolder()
  const lost: string[] = []
  const log = fileLog(folder, fakeClock(Date.UTC(2026, 10, 21, 8)), (line) => lost.push(line))
  log.warn('odd\nnews', { pid: 4 })
  const file = join(folder, 'gateway.log')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    time: '2026-11-21T08:00:00.000Z',
    level: 'warn',
    message: 'odd\nnews',
    pid: 4,
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  for (let index = 0; index < 25; index += 1) log.info('x'.repeat(1_000_000))
  expect([1, 2, 3, 4].map((index) => existsSync(`${file}.${index}`))).toEqual([true, true, true, false])
  expect(statSync(file).size).toBeLessThan(6_000_000)
  expect(lost).toEqual([])
})
