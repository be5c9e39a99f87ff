import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLaunchValues } from '../../../src-main/core/vault/launch-values.ts'
import { createVault } from '../../../src-main/core/vault/vault.ts'
import { testFolder } from '../../fakes/folder.ts'
import { fakeSecrets } from '../../fakes/secrets.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const secret = Buffer.from('a token that nobody sees')

function fresh() {
  const [folder, secrets] = [testFolder(), fakeSecrets()]
  return { folder, secrets, open: () => createVault({ folder, secrets, log }) }
}

test('a secret is there for whoever has the key, after a restart too, and its file says nothing', () => {
  const { folder, open } = fresh()
  open().set('grant/cloud', secret)
  expect(open().get('grant/cloud')).toEqual(secret)
  expect(open().get('grant/other')).toBeNull()
  const [file = ''] = readdirSync(folder)
  expect(file).toMatch(/^[0-9a-f]{64}\.sealed$/)
  const bytes = readFileSync(join(folder, file), 'latin1')
  expect(bytes).not.toMatch(/token|cloud|grant/)
  if (process.platform !== 'win32') expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  open().delete('grant/cloud')
  expect([open().get('grant/cloud'), readdirSync(folder)]).toEqual([null, []])
})

test('a file that was changed, or put in the place of another, is not read', () => {
  const { folder, open } = fresh()
  const vault = open()
  vault.set('one', secret)
  const [one = ''] = readdirSync(folder)
  vault.set('two', Buffer.from('other'))
  const two = readdirSync(folder).find((file) => file !== one) ?? ''
  const bytes = readFileSync(join(folder, one))
  for (const at of [0, 20, 40, bytes.length - 1]) {
    const other = Buffer.from(bytes)
    other[at] = (other[at] ?? 0) ^ 1
    writeFileSync(join(folder, one), other)
    expect(() => vault.get('one')).toThrow('cannot be read')
  }
  writeFileSync(join(folder, one), bytes.subarray(0, 10))
  expect(() => vault.get('one')).toThrow('cannot be read')
  renameSync(join(folder, two), join(folder, one))
  expect(() => vault.get('one')).toThrow('cannot be read')
})

test('a lost or wrong key is never replaced by a new one', () => {
  const { folder, secrets, open } = fresh()
  open().set('one', secret)
  const key = secrets.get('vault-key')
  secrets.delete('vault-key')
  for (const use of [
    () => open().get('one'),
    () => open().set('two', secret),
    () => open().mark('x'),
    () => open().delete('one'),
  ]) {
    expect(use).toThrow('cannot be read')
  }
  expect([secrets.get('vault-key'), readdirSync(folder)]).toEqual([null, [expect.any(String)]])
  secrets.set('vault-key', Buffer.alloc(32, 7))
  expect(open().get('one')).toBeNull()
  secrets.set('vault-key', Buffer.alloc(31, 7))
  expect(() => open().get('one')).toThrow('cannot be read')
  secrets.set('vault-key', key ?? Buffer.alloc(0))
  expect(open().get('one')).toEqual(secret)
})

test('values of a launch are marks outside of the vault: equal for equal values, worth nothing without the key', () => {
  const { open } = fresh()
  const values = createLaunchValues(open())
  const launch = (headers: Record<string, string>) =>
    ({ transport: 'http', url: 'https://one.test/mcp', headers, reach: 'internet' }) as const
  const given = launch({ 'x-key': 'let-me-in', 'x-team': `sealed:${'a'.repeat(64)}` })
  const sealed = values.seal(given)
  expect(JSON.stringify(sealed)).not.toMatch(/let-me-in|aaaa/)
  expect(values.open(sealed)).toEqual(given)
  expect(values.seal(given)).toEqual(sealed)
  expect(values.seal(launch({ 'x-key': 'other' }))).not.toEqual(values.seal(launch({ 'x-key': 'let-me-in' })))
  const elsewhere = createLaunchValues(fresh().open())
  expect(elsewhere.seal(given)).not.toEqual(sealed)
  expect(() => elsewhere.open(sealed)).toThrow('cannot be read')

  // A value that another server still uses stays.
  const shared = values.seal(launch({ 'x-other': 'let-me-in' }))
  values.forget(sealed, [shared])
  expect(values.open(shared)).toEqual(launch({ 'x-other': 'let-me-in' }))
  values.forget(shared, [])
  expect(() => values.open(shared)).toThrow('cannot be read')
})

test('what cannot be written leaves nothing behind', () => {
  const { folder, open } = fresh()
  open().set('one', secret)
  const [one = ''] = readdirSync(folder)
  rmSync(join(folder, one))
  mkdirSync(join(folder, one, 'in the way'), { recursive: true })
  expect(() => open().set('one', secret)).toThrow('cannot be read')
  expect(readdirSync(folder)).toEqual([one])
})
