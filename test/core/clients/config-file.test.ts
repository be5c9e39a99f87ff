import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FileChanged, readConfigFile, replaceConfigFile } from '../../../src-main/core/clients/config-file.ts'
import { UnreadableConfig } from '../../../src-main/core/clients/documents/document.ts'
import { jsonFile } from '../../../src-main/core/clients/known-client.ts'
import { changeConfig } from '../../../src-main/core/clients/plan-connect.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'config-')))
  file = join(folder, 'mcp.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const steps = ['folder', 'write', 'check', 'keep', 'rename', 'look back', 'flush']

test('a file that is replaced keeps its permissions and the links that lead to it', () => {
  writeFileSync(file, 'old', { mode: 0o640 })
  chmodSync(file, 0o640)
  const link = join(folder, 'link.json')
  symlinkSync('mcp.json', link)
  replaceConfigFile(readConfigFile(link), Buffer.from('new'))
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777, readlinkSync(link)]).toEqual([
    'new',
    0o640,
    'mcp.json',
  ])
  expect(readdirSync(folder).sort()).toEqual(['link.json', 'mcp.json'])
})

test.each(steps)('whatever ends before "%s", the file is whole, old or new, and nothing is left beside it', (last) => {
  writeFileSync(file, 'old')
  const stop = (step: string) => {
    if (step === last) throw new Error('cut')
  }
  expect(() => replaceConfigFile(readConfigFile(file), Buffer.from('new'), stop)).toThrow('cut')
  expect(readFileSync(file, 'utf8')).toBe(steps.indexOf(last) > steps.indexOf('rename') ? 'new' : 'old')
  expect(readdirSync(folder)).toEqual(['mcp.json'])
})

test.each(steps.slice(0, 5))('a client that writes in place before "%s" keeps what it wrote', (when) => {
  writeFileSync(file, 'old')
  const found = readConfigFile(file)
  const write = (step: string) => {
    if (step === when) writeFileSync(file, 'theirs')
  }
  expect(() => replaceConfigFile(found, Buffer.from('new'), write)).toThrow(FileChanged)
  expect(readFileSync(file, 'utf8')).toBe('theirs')
  expect(readdirSync(folder)).toEqual(['mcp.json'])
})

test('a new file is made for this user only, and never over one that came meanwhile', () => {
  const path = join(folder, 'deep', 'er', 'mcp.json')
  replaceConfigFile(readConfigFile(path), Buffer.from('new'))
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['new', 0o600])
  const late = (step: string) => {
    if (step === 'check') writeFileSync(file, 'theirs')
  }
  expect(() => replaceConfigFile(readConfigFile(file), Buffer.from('new'), late)).toThrow(FileChanged)
  expect(readFileSync(file, 'utf8')).toBe('theirs')
})

test('what is no plain file is refused', () => {
  expect(() => readConfigFile(folder)).toThrow('is no plain file')
  symlinkSync('nowhere', file)
  expect(() => readConfigFile(file)).toThrow('is a link to nothing')
})

/** Connects `a` unless it is; false when the client was quicker, or its file was half written. */
function connectOnce(): boolean {
  try {
    const found = readConfigFile(file)
    const place = ['mcpServers', 'a', 'command']
    const after = changeConfig(jsonFile(file, 'user'), found.bytes, () => [{ place, value: 'shim' }])
    if (!after.equals(found.bytes)) replaceConfigFile(found, after)
    return true
  } catch (error) {
    if (error instanceof FileChanged || error instanceof UnreadableConfig || error instanceof TypeError) return false
    throw error
  }
}

test('a client that rewrites its file all the time loses nothing, and neither do we', async () => {
  writeFileSync(file, JSON.stringify({ count: 0, mcpServers: { a: { command: 'npx' } } }))
  const times = process.env.TOOLGATE_TEST_FULL ? 1_000 : 200
  const rewriter = join(import.meta.dirname, '..', '..', 'fakes', 'config-rewriter.mjs')
  const client = spawn(process.execPath, [rewriter, file, String(times), '7'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(client, 'exit')
  while (client.exitCode === null) {
    connectOnce()
    await turn()
  }
  expect(await ended).toEqual([0, null])
  expect(connectOnce()).toBe(true)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ count: times, mcpServers: { a: { command: 'shim' } } })
})
