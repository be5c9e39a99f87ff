import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hashOf, readConfigFile, replaceConfigFile } from '../../../src-main/core/clients/config-file.ts'
import { jsonFile } from '../../../src-main/core/clients/known-client.ts'
import { keepOriginal, originalOf, takeBack } from '../../../src-main/core/clients/originals.ts'
import { rewriteConfig } from '../../../src-main/core/clients/plan-connect.ts'
import { createVault } from '../../../src-main/core/vault/vault.ts'
import { fileSecrets } from '../../../src-main/host/secrets.ts'
import { testFolder } from '../../fakes/folder.ts'

const place = ['mcpServers', 'a']
const shim = { command: '/usr/bin/node', args: ['shim.js', 'a'], env: {} }

/** A client's file with so much history, connected; what takes it back. */
function connected(history: string) {
  const folder = testFolder()
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const vault = createVault({ folder: join(folder, 'vault'), secrets: fileSecrets(join(folder, 'keys')), log })
  const file = jsonFile(join(folder, 'client.json'), 'user')
  const text = JSON.stringify({ history, mcpServers: { a: { command: 'npx', env: { KEY: 's3cret' } } } })
  writeFileSync(file.path, text)
  const found = readConfigFile(file.path)
  const after = rewriteConfig(file, found.bytes, [{ place, shim }])
  const connect = () => {
    keepOriginal({ vault, edits: { get: () => null } }, { file, found, after, places: [place] })
    replaceConfigFile(found, after)
  }
  const row = { path: file.path, client: 'claude-code', entry: 'client_1', at: '', written: hashOf(after) }
  return { file, text, connect, undo: () => takeBack(file, originalOf({ vault }, row)) }
}

test('a file with megabytes of history is taken back to the byte', () => {
  const { file, text, connect, undo } = connected('what was said in some session or other, '.repeat(200_000))
  connect()
  expect(readFileSync(file.path, 'utf8')).not.toContain('s3cret')
  expect(undo()).toEqual({ exact: true, left: [] })
  expect(readFileSync(file.path, 'utf8')).toBe(text)
})

test('a file that cannot be kept is not changed', () => {
  const { file, text, connect } = connected(randomBytes(2 * 1024 * 1024).toString('base64'))
  expect(connect).toThrow()
  expect(readFileSync(file.path, 'utf8')).toBe(text)
})
