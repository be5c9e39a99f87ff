import { describe, expect, test } from 'vitest'
import { hashOf } from '../../../src-main/core/clients/config-file.ts'
import { valueIn } from '../../../src-main/core/clients/documents/document.ts'
import { decodeConfig, openDocument } from '../../../src-main/core/clients/documents/open-document.ts'
import type { ConfigFile, KnownClient, Machine } from '../../../src-main/core/clients/known-client.ts'
import { knownClients } from '../../../src-main/core/clients/known-clients.ts'
import { readConfig, rewriteConfig } from '../../../src-main/core/clients/plan-connect.ts'
import { undoConfig } from '../../../src-main/core/clients/undo-connect.ts'
import { shapes } from '../../golden/client-shapes.ts'

const machine: Machine = {
  platform: 'linux',
  system: '/etc',
  home: '/home/ana',
  settings: '/home/ana/.config',
  projects: ['/home/ana/shop'],
  moved: () => null,
}
const shimFor = (name: string) => ({
  command: '/usr/bin/node',
  args: ['/opt/shim.js', name, '--entry', 'client_1'],
  env: {},
})

function clientOf(id: string): { client: KnownClient; file: ConfigFile } {
  const client = knownClients.find((it) => it.id === id)
  const file = client?.files(machine)[0]
  if (!client || !file) throw new Error(`no client \`${id}\``)
  return { client, file }
}

function connect(id: string, text: string) {
  const { client, file } = clientOf(id)
  const bytes = Buffer.from(text)
  const entries = readConfig(file, client, bytes)
  const open = entries.filter(({ launch }) => launch !== null)
  const rewrites = open.map(({ place, name }) => ({ place, shim: shimFor(name) }))
  const after = rewriteConfig(file, bytes, rewrites)
  const dataOf = (it: Buffer) => openDocument(file.format, decodeConfig(it).text).data
  const done = rewrites.map(({ place }) => ({
    place,
    before: valueIn(dataOf(bytes), place),
    after: valueIn(dataOf(after), place),
  }))
  return {
    client,
    file,
    bytes,
    entries,
    after,
    rewrites,
    done: { original: bytes, written: hashOf(after), rewrites: done },
  }
}

test('every client has a golden file', () => {
  expect(Object.keys(shapes).sort()).toEqual(knownClients.map(({ id }) => id).sort())
})

describe.each(Object.entries(shapes))('%s', (id, texts) => {
  test.each(texts.map((text, at) => [at + 1, text] as const))(
    'file %i is connected, and taken back to the byte',
    async (at, text) => {
      const { client, file, bytes, entries, after, rewrites, done } = connect(id, text)
      expect(entries.length).toBeGreaterThan(0)
      await expect(
        `${entries.map(({ name, launch, why, off }) => `${name}${off ? ' (off)' : ''}: ${why ?? JSON.stringify(launch)}`).join('\n')}\n\n${after}`,
      ).toMatchFileSnapshot(`../../golden/clients/${id}-${at}.txt`)
      // A second time changes nothing.
      expect(rewriteConfig(file, after, rewrites).equals(after)).toBe(true)
      const again = readConfig(file, client, after).filter(({ launch }) => launch !== null)
      expect(again.map(({ launch }) => launch?.transport)).toEqual(rewrites.map(() => 'stdio'))
      const undone = undoConfig(file, after, done)
      expect([undone.exact, undone.bytes?.equals(bytes)]).toEqual([true, true])
    },
  )
})

test('what the client wrote into its file since stays when it is taken back', () => {
  const { file, bytes, after, done } = connect('claude-code', shapes['claude-code']?.[0] ?? '')
  const since = Buffer.from(after.toString().replace('"numStartups": 12', '"numStartups": 13'))
  const undone = undoConfig(file, since, done)
  expect([undone.exact, undone.left]).toEqual([false, []])
  const read = (it: Buffer | null) => JSON.parse(String(it))
  expect(read(undone.bytes)).toEqual({ ...read(bytes), numStartups: 13 })
})

test('an entry that somebody changed since is left as it is, and named', () => {
  const { file, after, done } = connect('cursor', '{"mcpServers":{"a":{"command":"x"},"b":{"command":"y"}}}')
  const since = Buffer.from(after.toString().replace('/opt/shim.js', '/opt/other.js'))
  const undone = undoConfig(file, since, done)
  expect(undone.left).toEqual([['mcpServers', 'a']])
  const { mcpServers } = JSON.parse(String(undone.bytes))
  expect([mcpServers.a.args[0], mcpServers.b]).toEqual(['/opt/other.js', { command: 'y' }])
})

test.each([
  ['cursor', '{"mcpServers":{"a":{"command":"x","env":{"A":"$'.concat('{env:TOKEN}"}}}}'), 'the client fills in'],
  ['vscode', '{"servers":{"a":{"url":"unix:///tmp/x.sock"}}}', 'behind a socket'],
  ['cursor', '{"mcpServers":{"a":{}}}', 'it names neither'],
  ['cursor', '{"mcpServers":{"a":{"command":["x"]}}}', 'no list of texts'],
  ['cursor', '{"mcpServers":{"a":{"url":"nowhere"}}}', 'is no address'],
  ['cursor', '{"mcpServers":{"a":{"command":"x","env":{"A":{}}}}}', 'no map of texts'],
  ['cursor', '{"mcpServers":{"a":3}}', 'it is no map'],
])('%s: %s is left as it is, with the reason', (id, text, why) => {
  const { entries, after } = connect(id, text)
  expect(entries.map((entry) => entry.why)).toEqual([expect.stringContaining(why)])
  expect(String(after)).toBe(text)
})
