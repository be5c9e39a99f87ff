import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { hashOf } from '../../../src-main/core/clients/config-file.ts'
import { type Place, UnreadableConfig, valueIn } from '../../../src-main/core/clients/documents/document.ts'
import { decodeConfig, openDocument } from '../../../src-main/core/clients/documents/open-document.ts'
import type { ConfigFile, KnownClient, Machine } from '../../../src-main/core/clients/known-client.ts'
import { knownClients } from '../../../src-main/core/clients/known-clients.ts'
import { plain, readConfig, rewriteConfig } from '../../../src-main/core/clients/plan-connect.ts'
import { undoConfig } from '../../../src-main/core/clients/undo-connect.ts'
import { shapes } from '../../golden/client-shapes.ts'

const machine: Machine = {
  ...{ platform: 'linux', system: '/etc', home: '/home/ana', settings: '/home/ana/.config' },
  ...{ projects: [], moved: () => null },
}
type Format = ConfigFile['format']
/** A text of a client in another shape; null where its format has no such shape. */
type Shape = (text: string, format: Format) => string | null

const many = Array.from({ length: 5_000 }, (_, at) => at)
const inMap = (text: string, member: string) => text.replace('{', `{\n  ${member},`)
const shapesOfFiles: Record<string, Shape> = {
  'as it is': (text) => text,
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  'a byte order mark': (text) => `\uFEFF${text}`,
  'no line end at its end': (text) => text.trimEnd(),
  comments: (text, format) =>
    format === 'json' ? `// mine\n/* and\n mine */ ${text}// end\n` : `# mine\n${text}# end\n`,
  'trailing commas': (text, format) => (format === 'json' ? text.replace(/([^,\s{[])(\s*)\}(\s*)$/, '$1,$2}$3') : null),
  tabs: (text, format) => (format === 'json' ? text.replace(/^ +/gm, (indent) => '\t'.repeat(indent.length)) : null),
  'keys and values of all writing systems': (text, format) => {
    const words = '"naïve 🦊 ключ \\u202e"'
    if (format === 'json') return inMap(text, `${words}: ["日本", { "order": 1, "kept": 2 }]`)
    return format === 'toml' ? `${words} = ["日本"]\n${text}` : `"naïve 🦊 ключ": [日本]\n${text}`
  },
  '5,000 lines': (text, format) =>
    format === 'json'
      ? inMap(text, `"history": [\n${many.map((at) => `    "line ${at}"`).join(',\n')}\n  ]`)
      : `${many.map((at) => `# line ${at}\n`).join('')}${text}`,
}

function clientOf(id: string): { client: KnownClient; file: ConfigFile } {
  const client = knownClients.find((it) => it.id === id) as KnownClient
  return { client, file: client.files(machine)[0] as ConfigFile }
}

/** All data of a file but the entries at these places. */
function without(file: ConfigFile, bytes: Buffer, places: readonly Place[]): unknown {
  const data = structuredClone(plain(openDocument(file.format, decodeConfig(bytes).text).data))
  for (const place of places) {
    const around = valueIn(data, place.slice(0, -1)) as Record<string | number, unknown>
    around[place.at(-1) ?? ''] = 'ours'
  }
  return data
}

describe.each(Object.keys(shapes))('%s', (id) => {
  const { client, file } = clientOf(id)
  const base = shapes[id]?.[0] ?? ''
  const dataOf = (bytes: Buffer) => openDocument(file.format, decodeConfig(bytes).text).data

  test.each(Object.entries(shapesOfFiles))(
    'a file with %s is connected, again without a change, and taken back to the byte',
    (_what, shape) => {
      const text = shape(base, file.format)
      if (text === null) return
      const bytes = Buffer.from(text)
      const entries = readConfig(file, client, bytes)
      expect(entries.map(({ name }) => name)).toEqual(
        readConfig(file, client, Buffer.from(base)).map(({ name }) => name),
      )
      const rewrites = entries
        .filter(({ launch }) => launch !== null)
        .map(({ place, name }) => ({
          place,
          shim: { command: '/usr/bin/node', args: ['/opt/shim.js', name], env: {} },
        }))
      const places = rewrites.map(({ place }) => place)
      expect(places.length).toBeGreaterThan(0)

      const after = rewriteConfig(file, bytes, rewrites)
      expect(rewriteConfig(file, after, rewrites).equals(after)).toBe(true)
      // Everything else says what it said, in the order in which it stood.
      expect(JSON.stringify(without(file, after, places))).toBe(JSON.stringify(without(file, bytes, places)))
      expect(isDeepStrictEqual(dataOf(after), dataOf(bytes))).toBe(false)
      const done = places.map((place) => ({
        ...{ place, before: valueIn(dataOf(bytes), place), after: valueIn(dataOf(after), place) },
      }))
      const undone = undoConfig(file, after, { original: bytes, written: hashOf(after), rewrites: done })
      expect(undone.bytes?.equals(bytes)).toBe(true)
    },
  )

  test('an empty file has no server, and is left alone', () => {
    for (const text of ['', '\n', '\uFEFF']) {
      expect(readConfig(file, client, Buffer.from(text))).toEqual([])
      expect(rewriteConfig(file, Buffer.from(text), []).toString()).toBe(text)
    }
  })

  test('a broken file, and one in which a name stands twice, is refused with its place', () => {
    const garbage = { json: '{"a": {', toml: '\n[[[ nothing\n', yaml: '\na: {[\n' }[file.format]
    const broken = file.format === 'json' ? garbage : `${base}${garbage}`
    const twice = { json: '{"a": 1, "a": 2}', toml: 'a = 1\na = 2\n', yaml: 'a: 1\na: 2\n' }[file.format]
    for (const text of [broken, twice])
      expect(() => readConfig(file, client, Buffer.from(text))).toThrow(UnreadableConfig)
  })
})
