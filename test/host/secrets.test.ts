import { chmodSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileSecrets } from '../../src-main/host/secrets.ts'
import { testFolder } from '../fakes/folder.ts'

test('keeps, replaces and forgets secrets, in files of this user alone', () => {
  const folder = join(testFolder(), 'keys')
  const secrets = fileSecrets(folder)

  expect(secrets.get('control')).toBeNull()
  secrets.set('control', Buffer.from('one'))
  secrets.set('control', Buffer.from([0, 255, 10]))
  expect(secrets.get('control')).toEqual(Buffer.from([0, 255, 10]))
  expect(statSync(join(folder, 'control')).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(readdirSync(folder)).toEqual(['control'])
  secrets.delete('control')
  secrets.delete('control')
  expect(secrets.get('control')).toBeNull()
})

test.each(['../escape', 'a/b', '', '.hidden', 'x'.repeat(129)])('the name %j is refused', (name) => {
  const secrets = fileSecrets(testFolder())
  expect(() => secrets.set(name, Buffer.alloc(1))).toThrow('cannot be the name of a secret')
  expect(() => secrets.get(name)).toThrow('cannot be the name of a secret')
})

test('a key that others can read, a link, and something too large are refused', () => {
  const folder = testFolder()
  const secrets = fileSecrets(folder)
  secrets.set('loose', Buffer.from('x'))
  chmodSync(join(folder, 'loose'), 0o640)
  expect(() => secrets.get('loose')).toThrow('can be read by other users')

  symlinkSync(join(folder, 'loose'), join(folder, 'link'))
  expect(() => secrets.get('link')).toThrow()

  writeFileSync(join(folder, 'large'), Buffer.alloc(65 * 1024), { mode: 0o600 })
  expect(() => secrets.get('large')).toThrow('not a key file')
})
