import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fetchedArchive, install, isInstalled } from '../../scripts/setup/install.mjs'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'toolgate-install-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const zod = { version: '4.0.0', integrity: 'sha512-a' }
const native = { version: '1.0.0', integrity: 'sha512-b', optional: true }

function write(wanted: object, installed?: object): void {
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }))
  if (!installed) return
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }))
}

test.each([
  ['nothing is installed', undefined, false],
  ['all is there', { 'node_modules/zod': zod, 'node_modules/native': native }, true],
  ['only an optional package is missing', { 'node_modules/zod': zod }, true],
  ['a package is missing', { 'node_modules/native': native }, false],
  ['a version differs', { 'node_modules/zod': { ...zod, version: '4.0.1' } }, false],
  ['its content differs', { 'node_modules/zod': { ...zod, integrity: 'sha512-c' } }, false],
])('%s', (_, installed, expected) => {
  write({ 'node_modules/zod': zod, 'node_modules/native': native }, installed)
  expect(isInstalled(root)).toBe(expected)
})

test('the stamp speaks for one lock file only', () => {
  write({ 'node_modules/zod': zod }, { 'node_modules/zod': zod })
  expect(isInstalled(root)).toBe(true)
  expect(existsSync(join(root, 'node_modules', '.toolgate-lock'))).toBe(true)
  write({ 'node_modules/zod': { ...zod, version: '4.0.1' } })
  expect(isInstalled(root)).toBe(false)
})

test('packages that belong to another checkout are left alone', async () => {
  write({ 'node_modules/zod': zod })
  mkdirSync(join(root, 'elsewhere'))
  symlinkSync(join(root, 'elsewhere'), join(root, 'node_modules'), 'junction')
  await expect(install(root)).rejects.toThrow(/^node_modules is a link to/)
})

test.each([
  ['npm http fetch GET 200 https://registry.npmjs.org/zod/-/zod-4.6.7.tgz 12ms (cache updated)', 'zod-4.6.7.tgz'],
  ['npm http cache zod@https://registry.npmjs.org/zod/-/zod-4.6.7.tgz 0ms (cache hit)', 'zod-4.6.7.tgz'],
  ['npm http fetch GET 200 https://registry.npmjs.org/zod 12ms', null],
  ['npm warn deprecated glob@7.0.0: see https://example.org/glob.tgz', null],
])('%s counts as a package: %s', (line, archive) => {
  expect(fetchedArchive(line)?.split('/').at(-1) ?? null).toBe(archive)
})
