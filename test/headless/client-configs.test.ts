import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChangedFile, ConnectPlan, FoundClient } from '../../shared/client-config.ts'
import { program } from '../fakes/person.ts'
import { type Product, packageFile, pin, startProduct } from '../fakes/product.ts'

const policy = `version: v1
rules:
  - id: all
    match: { labels: { mcp.server: "*" } }
    decision: ALLOW
    accept_risk: 100
`
const secret = 'tok-0a1b2c3d4e5f-never-shown'

let product: Product
let home: string
let file: string
let original: string
const asked: [string, string][] = [['PIN', pin]]

beforeAll(async () => {
  product = await startProduct(policy)
  home = join(product.folder, 'home')
  file = join(home, '.cursor', 'mcp.json')
  mkdirSync(join(home, '.cursor'), { recursive: true })
  mkdirSync(join(home, '.codex'))
  writeFileSync(join(product.workspace, 'hello.txt'), 'hello from the workspace')
  const server = packageFile('@modelcontextprotocol/server-filesystem', 'dist/index.js')
  const entry = { command: process.execPath, args: [server, product.workspace], env: { API_TOKEN: secret } }
  original = `\uFEFF{\r\n\t// mine\r\n\t"mcpServers": {\r\n\t\t"files": ${JSON.stringify(entry)},\r\n\t\t"late": { "command": "no-such-program" },\r\n\t},\r\n}\r\n`
  writeFileSync(file, original)
  const toml = [`command = ${JSON.stringify(entry.command)}`, `args = ${JSON.stringify(entry.args)}`]
  writeFileSync(
    join(home, '.codex', 'config.toml'),
    ['# mine', '[mcp_servers.disk]', ...toml, '[mcp_servers.disk.env]', `API_TOKEN = "${secret}"`, ''].join('\n'),
  )
}, 120_000)
afterAll(() => product.close())

const find = () => product.json<FoundClient[]>('clients', 'list', '--home', home)
const guards = async () =>
  (await find()).flatMap(({ id, files }) =>
    files.flatMap(({ entries }) => entries.map(({ name, guard, server }) => [id, name, guard, server])),
  )

test('two clients with the same server are connected, call it through Toolgate, and are taken back to the byte', async () => {
  expect(await guards()).toEqual([
    ['codex', 'disk', 'bypassed', 'disk'],
    ['cursor', 'files', 'bypassed', 'disk'],
    ['cursor', 'late', 'left', null],
  ])
  const plan = await product.json<ConnectPlan>('clients', 'preview', '--all', '--home', home)
  expect(plan.files.map(({ client }) => client)).toEqual(['codex', 'cursor'])
  expect(JSON.stringify(plan)).not.toContain(secret)

  const screen = await product.atTerminal(
    ['clients', 'connect', '--all', '--home', home],
    [['Change these files?', 'y'], ...asked],
  )
  expect(screen).toContain('left alone: late')
  expect(screen).toMatch(
    /calls to disk are refused until you approve:\r?\nnext: `[a-z ]*toolgate servers approve disk`/,
  )
  expect(screen).not.toContain(secret)
  const bytes = readFileSync(file, 'utf8')
  expect(bytes.startsWith('\uFEFF{\r\n\t// mine\r\n')).toBe(true)
  expect(bytes).not.toContain(secret)
  expect(await guards()).toEqual([
    ['codex', 'disk', 'configured', 'disk'],
    ['cursor', 'files', 'configured', 'disk'],
    ['cursor', 'late', 'left', null],
  ])

  // What now stands in the file is what the client starts.
  await product.approveServer('disk')
  const written = /"command": *("[^"]+"), *"args": *(\[[^\]]+\])/.exec(bytes)
  const [command, args] = [JSON.parse(written?.[1] ?? ''), JSON.parse(written?.[2] ?? '')] as [string, string[]]
  const inspector = packageFile('@modelcontextprotocol/inspector', 'clients/launcher/build/index.js')
  const call = [
    '--method',
    'tools/call',
    '--tool-name',
    'read_text_file',
    '--tool-arg',
    `path=${join(product.workspace, 'hello.txt')}`,
  ]
  const answer = await program([process.execPath, inspector, '--cli', command, ...args, ...call], {
    env: { NO_COLOR: '1' },
  })
  expect(answer.screen).toContain('hello from the workspace')
  expect((await guards())[1]).toEqual(['cursor', 'files', 'verified', 'disk'])

  // Nothing outside of the vault holds the key that was imported.
  const holding = (folder: string) =>
    execFileSync('sh', ['-c', 'grep -rlaF -- "$1" "$2" || true', 'sh', secret, folder], { encoding: 'utf8' })
  expect(holding(product.profile)).toBe('')

  const undone = JSON.parse(
    (await product.atTerminal(['clients', 'undo', '--all', '--yes', '--json', '--home', home], asked))
      .split('\n')
      .find((line) => line.startsWith('{')) ?? '',
  ) as { files: ChangedFile[] }
  expect(undone.files.map(({ client, done, exact }) => [client, done, exact])).toEqual([
    ['codex', true, true],
    ['cursor', true, true],
  ])
  expect(readFileSync(file, 'utf8')).toBe(original)
  expect(readFileSync(join(home, '.codex', 'config.toml'), 'utf8')).toContain(secret)
}, 180_000)

test('a client that overwrites its file is told of, and repaired without losing what it wrote', async () => {
  await product.atTerminal(['clients', 'connect', 'cursor', '--yes', '--home', home], asked)
  expect(readFileSync(file, 'utf8')).not.toBe(original)
  const theirs = original.replace('// mine', '// newer')
  writeFileSync(file, theirs)
  const check = await program(product.command('clients', 'check', '--home', home))
  expect([check.code, check.screen.includes('bypassed')]).toEqual([1, true])
  await product.atTerminal(['clients', 'connect', 'cursor', '--yes', '--home', home], asked)
  expect((await program(product.command('clients', 'check', '--home', home))).code).toBe(0)
  await product.atTerminal(['clients', 'undo', 'cursor', '--yes', '--home', home], asked)
  expect(readFileSync(file, 'utf8')).toBe(theirs)
}, 180_000)

test('an entry of ours that would run other code in Toolgate is told of by name, and repaired', async () => {
  await product.atTerminal(['clients', 'connect', 'cursor', '--yes', '--home', home], asked)
  const ours = readFileSync(file, 'utf8')
  writeFileSync(file, ours.replace('"command"', `"env": { "NODE_OPTIONS": "--require ./other.cjs" }, "command"`))
  const check = await program(product.command('clients', 'check', '--home', home))
  expect([check.code, check.screen]).toEqual([1, expect.stringMatching(/files {2}bypassed: .*`NODE_OPTIONS`/)])
  expect(check.screen).not.toContain('other.cjs')
  await product.atTerminal(['clients', 'connect', 'cursor', '--yes', '--home', home], asked)
  expect(readFileSync(file, 'utf8')).not.toContain('NODE_OPTIONS')
  expect((await program(product.command('clients', 'check', '--home', home))).code).toBe(0)
  await product.atTerminal(['clients', 'undo', 'cursor', '--yes', '--home', home], asked)
}, 180_000)

test.each([
  ['{"mcpServers": {"a": ', 'line 1, column'],
  ['[]', 'a map was expected'],
  ['{"mcpServers": {"a": {"command": "x"}, "a": {"command": "y"}}}', 'stands twice'],
])('a file that is broken is left alone, with the place: %s', async (text, why) => {
  writeFileSync(file, text)
  const plan = await product.json<ConnectPlan>('clients', 'preview', 'cursor', '--home', home)
  expect(plan.files).toEqual([])
  expect(plan.problems).toEqual([expect.stringContaining(why)])
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('what cannot be meant says what to do', async () => {
  for (const [words, says] of [
    [['clients', 'connect'], '--all'],
    [['clients', 'preview', 'nobody'], 'clients list'],
    [['clients', 'preview', 'cursor', '--all'], 'not both'],
  ] as const) {
    const outcome = await program(product.command(...words))
    expect([outcome.code === 0, `${outcome.screen}${outcome.stderr}`]).toEqual([false, expect.stringContaining(says)])
  }
})
