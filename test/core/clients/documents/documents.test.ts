import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify as yamlText } from 'yaml'
import {
  type ConfigFormat,
  type Place,
  UnreadableConfig,
  valueIn,
} from '../../../../src-main/core/clients/documents/document.ts'
import { openDocument } from '../../../../src-main/core/clients/documents/open-document.ts'

/** The text after changes, one after the other; `undefined` takes out. */
function changed(format: ConfigFormat, text: string, ...changes: [Place, unknown][]): string {
  return changes.reduce((at, [place, value]) => {
    const document = openDocument(format, at)
    return value === undefined ? document.remove(place) : document.set(place, value)
  }, text)
}

const launch: [string, unknown][] = [
  ['command', '/usr/bin/node'],
  ['args', ['/opt/shim.js', 'files']],
  ['env', undefined],
  ['url', undefined],
]
const at = (...place: string[]) => launch.map(([key, value]): [Place, unknown] => [[...place, key], value])

describe('what is not changed stays as it is, byte by byte', () => {
  test('JSON with comments, tabs, trailing commas and CRLF', () => {
    const text =
      '// mine\r\n{\r\n\t"editor": 1, /* keep */\r\n\t"mcpServers": {\r\n\t\t"files": {\r\n\t\t\t"command": "npx", // how\r\n\t\t\t"args": ["-y"],\r\n\t\t\t"env": { "A": "s" },\r\n\t\t\t"disabled": true,\r\n\t\t},\r\n\t},\r\n}\r\n'
    expect(changed('json', text, ...at('mcpServers', 'files'))).toMatchInlineSnapshot(`
      "// mine
      {
      	"editor": 1, /* keep */
      	"mcpServers": {
      		"files": {
      			"command": "/usr/bin/node", // how
      			"args": [
      				"/opt/shim.js",
      				"files"
      			],
      			"disabled": true,
      		},
      	},
      }
      "
    `)
  })

  test('TOML with comments, a table of its own for the environment, and one inline', () => {
    const text = `# mine
model = "o4"   # the best

[mcp_servers.files]
# how it starts
command = "npx" # here
args = [ "-y", # last
  "server" ]
startup_timeout_sec = 20

[mcp_servers.files.env]
TOKEN = "s3cret" # secret

[mcp_servers]
web = { url = 'https://x', enabled = true } # inline
third.command = "x"
`
    const one = changed('toml', text, ...at('mcp_servers', 'files'))
    expect(changed('toml', one, ...at('mcp_servers', 'web'), ...at('mcp_servers', 'third'))).toMatchInlineSnapshot(`
      "# mine
      model = "o4"   # the best

      [mcp_servers.files]
      # how it starts
      command = "/usr/bin/node" # here
      args = ["/opt/shim.js", "files"]
      startup_timeout_sec = 20


      [mcp_servers]
      web = { enabled = true, command = "/usr/bin/node", args = ["/opt/shim.js", "files"] } # inline
      third.command = "/usr/bin/node"
      third.args = ["/opt/shim.js", "files"]
      "
    `)
  })

  test('YAML with comments, lists in blocks and maps in braces', () => {
    const text = `# mine
extensions:
  # files
  files:
    name: files
    cmd: npx   # how
    args:
      - -y
      - server
    envs:
      TOKEN: s3cret # secret
    enabled: true

  web: {uri: "https://x", enabled: true} # inline
GOOSE_MODEL: x
`
    const keys = (name: string): [Place, unknown][] => [
      [['extensions', name, 'cmd'], 'node'],
      [['extensions', name, 'args'], ['shim.js']],
      [['extensions', name, 'envs'], undefined],
      [['extensions', name, 'uri'], undefined],
    ]
    expect(changed('yaml', text, ...keys('files'), ...keys('web'))).toMatchInlineSnapshot(`
      "# mine
      extensions:
        # files
        files:
          name: files
          cmd: "node"   # how
          args:
            ["shim.js"]
          enabled: true

        web: {enabled: true, cmd: "node", args: ["shim.js"]} # inline
      GOOSE_MODEL: x
      "
    `)
  })

  test('a list of YAML', () => {
    const text =
      'mcpServers:\n  - name: a\n    command: x\n    env:\n      A: b\n  - command: y\n    name: b\nlast: 1\n'
    const to = (index: number): [Place, unknown][] => [
      [['mcpServers', index, 'command'], 'node'],
      [['mcpServers', index, 'args'], ['shim.js']],
      [['mcpServers', index, 'env'], undefined],
    ]
    expect(changed('yaml', text, ...to(0), ...to(1))).toMatchInlineSnapshot(`
      "mcpServers:
        - name: a
          command: "node"
          args: ["shim.js"]
        - command: "node"
          name: b
          args: ["shim.js"]
      last: 1
      "
    `)
  })
})

const formats: ConfigFormat[] = ['json', 'toml', 'yaml']

test.each(formats)('%s: an empty file takes a first entry, and a second beside it', (format) => {
  const top = format === 'toml' ? 'mcp_servers' : 'mcpServers'
  const text = changed(format, '', [[top, 'a', 'command'], 'x'], [[top, 'b', 'command'], 'y'])
  expect(openDocument(format, text).data).toEqual({ [top]: { a: { command: 'x' }, b: { command: 'y' } } })
})

test.each([
  ['json', '{ "a": { "b": 1,, } }', 'line 1, column 17'],
  ['json', '{\n"a": }', 'line 2, column 6: this is no JSON: a value is missing here; mend the file'],
  ['json', '{"a": 1 "b": 2}', '`,` is missing here'],
  ['json', '[]', 'a map was expected'],
  ['json', '{"a": 1, "a": 2}', '`a` stands twice'],
  ['toml', '[a]\nb = \n', 'line 3'],
  ['toml', 'a = 1\na = 2\n', 'line 2'],
  ['yaml', 'a: [1\nb: 2\n', 'line'],
  ['yaml', 'a: 1\na: 2\n', 'line 2'],
  ['yaml', '- 1\n', 'a map was expected'],
] as const)('%s that is broken says where: %j', (format, text, says) => {
  expect(() => openDocument(format, text).data).toThrow(says)
  expect(() => openDocument(format, text).data).toThrow(UnreadableConfig)
})

test('a value in the way is never written over', () => {
  expect(() => changed('json', '{"mcpServers": "off"}', [['mcpServers', 'a'], {}])).toThrow('is no map')
  expect(() => changed('yaml', 'a: &x {c: 1}\nb: *x\n', [['b', 'c'], 2])).toThrow('an alias stands there')
})

/** Texts as people and programs write them, hard ones included. */
const name = fc
  .oneof(
    fc.constantFrom(
      'files',
      'a.b',
      'x y',
      'ключ',
      '"',
      "'",
      '#',
      ':',
      '- a',
      'null',
      'yes',
      '0',
      '\u007f',
      '🙂',
      '[x]',
      '=',
    ),
    fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }),
  )
  .filter((text) => text !== '__proto__')
const text = fc.oneof(
  name,
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', 'a\nb', '\t', '$'.concat('{env:X}'), '*x', '&x', '|'),
)
const entry = fc.record(
  {
    command: text,
    args: fc.array(text, { maxLength: 3 }),
    env: fc.dictionary(name, text, { maxKeys: 3 }),
    disabled: fc.boolean(),
    timeout: fc.integer({ min: 0, max: 1_000_000 }),
  },
  { requiredKeys: ['command'] },
)
const file = fc.record({
  servers: fc.dictionary(name, entry, { minKeys: 1, maxKeys: 4 }),
  other: entry,
  flag: fc.boolean(),
})

type File = typeof file extends fc.Arbitrary<infer T> ? T : never

/** The same file in several spellings of its format. */
function spellings(format: ConfigFormat, data: File): string[] {
  const json = JSON.stringify(data, null, 2)
  if (format === 'json') return [json, JSON.stringify(data), JSON.stringify(data, null, '\t').replaceAll('\n', '\r\n')]
  if (format === 'yaml') return [yamlText(data), yamlText(data, { lineWidth: 0, indent: 4 }), json]
  const key = (step: string) => JSON.stringify(step).replaceAll('\u007f', '\\u007f')
  const value = (it: unknown): string => {
    if (Array.isArray(it)) return `[${it.map(value).join(',')}]`
    if (typeof it !== 'object' || it === null) return key(it as string)
    return `{${Object.entries(it)
      .map(([step, inner]) => `${key(step)} = ${value(inner)}`)
      .join(', ')}}`
  }
  const lines = (it: object) =>
    Object.entries(it)
      .map(([step, inner]) => `${key(step)} = ${value(inner)}\n`)
      .join('')
  const tables = Object.entries(data.servers).map(([step, inner]) => `[servers.${key(step)}] # ${'c'}\n${lines(inner)}`)
  const dotted = Object.entries(data.servers).flatMap(([step, inner]) =>
    Object.entries(inner).map(([last, it]) => `servers.${key(step)}.${last} = ${value(it)}\r\n`),
  )
  const rest = `flag = ${data.flag}\n`
  return [
    `${rest}${tables.join('\n')}\n[other]\n${lines(data.other)}`,
    `${rest}${dotted.join('')}other = ${value(data.other)}`,
    `${rest}servers = ${value(data.servers)}\nother = ${value(data.other)}\n`,
  ]
}

test.each(formats)('%s: any change at any place changes that alone', (format) => {
  const runs = process.env.TOOLGATE_TEST_FULL ? 20_000 : 300
  fc.assert(
    fc.property(file, fc.nat(), fc.nat(), text, fc.array(text, { maxLength: 3 }), (data, which, how, command, args) => {
      const names = Object.keys(data.servers)
      const server = names[which % names.length] ?? ''
      const all = spellings(format, data)
      const before = all[how % all.length] ?? ''
      const document = openDocument(format, before)
      expect(document.data).toEqual(data)
      const after = changed(
        format,
        before,
        [['servers', server, 'command'], command],
        [['servers', server, 'args'], args],
        [['servers', server, 'env'], undefined],
        [['servers', server, 'extra'], { a: command }],
      )
      const { env: _, ...kept } = data.servers[server] ?? { command: '' }
      const expected = {
        ...data,
        servers: { ...data.servers, [server]: { ...kept, command, args, extra: { a: command } } },
      }
      expect(openDocument(format, after).data).toEqual(expected)
      expect(valueIn(openDocument(format, after).data, ['other'])).toEqual(data.other)
    }),
    { numRuns: runs, seed: 7 },
  )
})
