import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConnectPlan, FoundClient } from '../../shared/client-config.ts'
import { program } from '../fakes/person.ts'
import { type Product, pin, startProduct } from '../fakes/product.ts'

const policy = `version: v1
rules:
  - id: reads
    match: { labels: { mcp.server: "*-tools", mcp.action: read } }
    decision: ALLOW
  - id: shell
    match: { labels: { mcp.server: "*-tools", mcp.action: destructive } }
    decision: ALLOW
    accept_risk: 100
  - id: secrets
    match: { labels: { mcp.server: "*" } }
    when: resource.paths.exists(p, p.endsWith("/.env"))
    decision: DENY
    reason: keys are no business of an agent
  - id: writes
    match: { labels: { mcp.server: "*-tools", mcp.action: write } }
    decision: REQUIRE_APPROVAL
`

let product: Product
let home: string
const asked: [string, string][] = [['PIN', pin]]
const settings = () => join(home, '.claude', 'settings.json')
const original =
  '{\n  // mine\n  "model": "opus",\n  "hooks": {\n    "PreToolUse": [\n      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "true" }] }\n    ]\n  }\n}\n'

beforeAll(async () => {
  product = await startProduct(policy)
  home = join(product.folder, 'home')
  for (const folder of ['.claude', '.cursor', '.codex']) mkdirSync(join(home, folder), { recursive: true })
  writeFileSync(settings(), original)
  writeFileSync(join(product.workspace, '.env'), 'KEY=1')
  writeFileSync(join(product.workspace, 'notes.txt'), 'notes')
}, 120_000)
afterAll(() => product.close())

const connect = (client: string) =>
  product.atTerminal(['clients', 'connect', client, '--hooks', '--yes', '--home', home], asked)
const stateOf = async (client: string) =>
  (await product.json<FoundClient[]>('clients', 'list', '--home', home)).find(({ id }) => id === client)?.hooks

/** Every command of ours in a file of hooks, as the client gives it to a shell. */
const commandsIn = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/"command": ("(?:[^"\\]|\\.)*--hook [a-z-]+")/g)].map(
    ([, text = '']) => JSON.parse(text) as string,
  )

const client = join(import.meta.dirname, '..', 'fakes', 'hooking-client.mjs')
/** Runs a hook as its client does, which is a program of its own: whoever asks is governed, and this process is not. */
const shell = (command: string, input: string) =>
  program([process.execPath, client, command], { cwd: product.workspace, input })
const ask = (command: string, about: object) => shell(command, JSON.stringify({ cwd: product.workspace, ...about }))

describe.skipIf(process.platform === 'win32')('Claude Code', () => {
  let hook = ''
  const tool = (tool_name: string, tool_input: object) =>
    ask(hook, { session_id: 's', hook_event_name: 'PreToolUse', tool_name, tool_input })

  test('its hook is put beside others, and until its tools are approved it is told no', async () => {
    const plan = await product.json<ConnectPlan>('clients', 'preview', 'claude-code', '--hooks', '--home', home)
    expect(plan.files.map(({ path }) => path)).toEqual([settings()])
    expect(plan.files[0]?.diff).toContain('--hook claude-code')
    await connect('claude-code')
    const written = readFileSync(settings(), 'utf8')
    expect(written).toContain('// mine')
    expect(written).toContain('{ "matcher": "Bash", "hooks": [{ "type": "command", "command": "true" }] },\n')
    expect(await stateOf('claude-code')).toMatchObject({ on: true, connected: true, server: 'claude-code-tools' })
    const [command = ''] = commandsIn(settings())
    hook = command
    const refused = await tool('Read', { file_path: join(product.workspace, 'notes.txt') })
    expect([refused.code, refused.screen]).toEqual([2, ''])
    expect(refused.stderr).toContain('nobody has approved it')
  })

  test('once they are, each is decided by policy before it runs, and is on record', async () => {
    await product.approveServer('claude-code-tools')
    const notes = join(product.workspace, 'notes.txt')
    expect(await tool('Read', { file_path: notes })).toMatchObject({ code: 0, screen: '', stderr: '' })
    expect(await tool('Bash', { command: 'ls notes.txt' })).toMatchObject({ code: 0, screen: '' })
    // A relative path in a command, and one in an argument, are judged where the client works.
    for (const denied of [tool('Bash', { command: 'cat < ".env"' }), tool('Read', { file_path: '.env' })]) {
      const { code, stderr } = await denied
      expect([code, stderr.includes('keys are no business of an agent')]).toEqual([2, true])
    }
    const record = (await program(product.command('audit', 'tail', '--json'))).screen
    const closed = record.split('\n').filter((line) => line.includes('"state":"closed"') && line.includes('"Bash"'))
    expect(closed.map((line) => /"outcome":"(\w+)"/.exec(line)?.[1])).toEqual(['executed', 'blocked'])
  })

  test('one that asks waits for a person; a no is a no, and a tool that nobody knows is refused', async () => {
    const writing = tool('Write', { file_path: 'new.txt', content: 'x' })
    await product.answerNext('deny')
    expect((await writing).code).toBe(2)
    const again = tool('Write', { file_path: 'new.txt', content: 'y' })
    await product.answerNext('approve')
    expect((await again).code).toBe(0)
    expect((await tool('Teleport', {})).code).toBe(2)
  })

  test('what is no question, and a gateway that cannot be asked, is a no', async () => {
    const broken = await shell(hook, '{"tool_name": ')
    expect([broken.code, broken.stderr.includes('no JSON')]).toEqual([2, true])
    const nobody = hook.replace(/--entry \S+/, '--entry client_nobody')
    const refused = await ask(nobody, { tool_name: 'Read', tool_input: { file_path: '/x' } })
    expect([refused.code, refused.stderr.includes('toolgate clients issue')]).toEqual([2, true])
  })

  test('a client that dropped its hook is told of; it is put back, and taken away to the byte', async () => {
    writeFileSync(settings(), original.replace('opus', 'haiku'))
    const check = await program(product.command('clients', 'check', '--home', home))
    expect([check.code, check.screen.includes('no longer asks')]).toEqual([1, true])
    await connect('claude-code')
    expect(commandsIn(settings())).toHaveLength(1)
    // Somebody else's hook comes before it meanwhile.
    const added = readFileSync(settings(), 'utf8').replace('"PreToolUse": [', '"PreToolUse": [{ "hooks": [] },')
    writeFileSync(settings(), added)
    await product.atTerminal(['clients', 'undo', 'claude-code', '--yes', '--home', home], asked)
    const left = readFileSync(settings(), 'utf8')
    expect([commandsIn(settings()), left.includes('{ "hooks": [] }'), left.includes('haiku')]).toEqual([[], true, true])
    writeFileSync(settings(), original)
    await connect('claude-code')
    await product.atTerminal(['clients', 'undo', 'claude-code', '--yes', '--home', home], asked)
    expect(readFileSync(settings(), 'utf8')).toBe(original)
  })
})

test.skipIf(process.platform === 'win32')('Cursor is answered in its own words, for each of its events', async () => {
  await connect('cursor')
  const file = join(home, '.cursor', 'hooks.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1 })
  const commands = commandsIn(file)
  expect(commands).toHaveLength(3)
  await product.approveServer('cursor-tools')
  const [hook = ''] = commands
  const roots = { workspace_roots: [product.workspace] }
  const command = { hook_event_name: 'beforeShellExecution', command: 'ls', ...roots }
  expect(JSON.parse((await ask(hook, command)).screen)).toEqual({})
  const read = { hook_event_name: 'beforeReadFile', file_path: '.env', content: 'KEY=1', ...roots }
  expect(JSON.parse((await ask(hook, read)).screen)).toMatchObject({
    permission: 'deny',
    agent_message: expect.stringContaining('keys are no business'),
  })
  await product.atTerminal(['clients', 'undo', 'cursor', '--yes', '--home', home], asked)
  expect(existsSync(file)).toBe(false)
})

test.skipIf(process.platform === 'win32')('Codex is asked about its shell and its patches', async () => {
  await connect('codex')
  const [hook = ''] = commandsIn(join(home, '.codex', 'hooks.json'))
  await product.approveServer('codex-tools')
  const command = { hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'cat .env' } }
  expect((await ask(hook, command)).code).toBe(2)
  expect((await ask(hook, { ...command, tool_input: { command: 'true' } })).code).toBe(0)
})

test('a client without hooks, and a server of that name that is somebody else’s, are said', async () => {
  const none = await program(product.command('clients', 'preview', 'zed', '--hooks', '--home', home))
  expect(none.screen).toContain('asks nobody before it runs its own tools')
  await product.atTerminal(['servers', 'remove', 'cursor-tools', '--yes'], asked)
  await product.atTerminal(['servers', 'add', 'cursor-tools', '--yes', '--', process.execPath, '--version'], [])
  const taken = await program(product.command('clients', 'preview', 'cursor', '--hooks', '--home', home))
  expect(taken.screen).toContain('another server is registered as `cursor-tools`')
})
