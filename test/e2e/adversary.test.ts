import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { built } from '../fakes/built.ts'
import { registerClient } from '../fakes/oauth-client.ts'
import { program, type Typing } from '../fakes/person.ts'
import { type Product, packageFile, pin, startProduct } from '../fakes/product.ts'
import { clientApart, connectClient, type RawClient } from '../fakes/raw-client.ts'

/*
 * Adversary 1 of the contracts: an agent that was talked into turning against its person, with file and shell tools, under a
 * policy that allows everything. What it must not do does not depend on policy.
 */
const everything = `version: v1
rules:
  - id: allow-everything
    match: { labels: { mcp.tool: "*" } }
    decision: ALLOW
    accept_risk: 100
    when: tool.name != "create_directory"
  - id: ask-directories
    match: { labels: { mcp.tool: create_directory } }
    decision: REQUIRE_APPROVAL
    level: 1
`

let product: Product
let files: RawClient
let shell: RawClient

beforeAll(async () => {
  // The gate that stops a client after several such refusals is tried elsewhere: here each refusal stands by itself.
  product = await startProduct(everything, { gates: { protected_paths: { on: false } } })
  const fakes = join(import.meta.dirname, '..', 'fakes', 'servers')
  await product.addServer('files', [
    process.execPath,
    packageFile('@modelcontextprotocol/server-filesystem', 'dist/index.js'),
    product.folder,
  ])
  await product.addServer('shell', [process.execPath, join(fakes, 'shell-server.mjs')])
  symlinkSync(product.profile, join(product.workspace, 'notes'))
  files = connectClient(product.profile, 'files', [], clientApart)
  shell = connectClient(product.profile, 'shell', [], clientApart)
  await files.initialize()
  await shell.initialize()
}, 120_000)
afterAll(async () => {
  await Promise.all([files.close(), shell.close()])
  await product.close()
})

const run = (command: string) => shell.call('run_command', { command })

test('the tools do work: what is refused below is refused by Toolgate', async () => {
  expect((await files.call('list_directory', { path: product.workspace })).outcome).toBe('ok')
  expect((await run('echo it works')).text).toContain('it works')
})

test.each<[what: string, tool: string, args: (p: string) => object]>([
  ['change policy', 'write_file', (p) => ({ path: `${p}/policy/rules.yaml`, content: 'version: v1' })],
  ['add a policy file', 'write_file', (p) => ({ path: `${p}/policy/zz.yaml`, content: 'version: v1' })],
  [
    'change policy through a link',
    'write_file',
    () => ({ path: `${product.workspace}/notes/policy/rules.yaml`, content: 'x' }),
  ],
  [
    'change policy through `..`',
    'edit_file',
    (p) => ({ path: `${product.workspace}/../profile/policy/rules.yaml`, edits: [], p }),
  ],
  ['read a key', 'read_text_file', (p) => ({ path: `${p}/keys/control` })],
  [
    'read several, a key among them',
    'read_multiple_files',
    (p) => ({ paths: [`${product.workspace}/a`, `${p}/keys/audit-signing-key`] }),
  ],
  ['read the audit', 'read_text_file', (p) => ({ path: `${p}/toolgate.db` })],
  ['read the audit log file beside it', 'read_text_file', (p) => ({ path: `${p}/toolgate.db-wal` })],
  ['change the settings', 'write_file', (p) => ({ path: `${p}/settings.json`, content: '{}' })],
  ['move the profile away', 'move_file', (p) => ({ source: p, destination: `${product.workspace}/gone` })],
  ['move what holds the profile', 'move_file', () => ({ source: product.folder, destination: '/tmp/gone' })],
  ['change a client configuration', 'write_file', () => ({ path: `${product.workspace}/.mcp.json`, content: '{}' })],
])('file tools cannot %s', async (_what, tool, args) => {
  expect((await files.call(tool, args(product.profile))).outcome).toBe('PROTECTED_PATH')
})

test.each<[what: string, command: (p: string) => string]>([
  ['read a key', (p) => `cat ${p}/keys/control`],
  ['copy the audit', (p) => `cp "${p}/toolgate.db" /tmp/`],
  ['change policy', (p) => `echo 'rules: []' >>${p}/policy/rules.yaml`],
  ['answer a prompt with the command line', (p) => `node ${built.toolgate} --profile ${p} approvals list`],
  ['let an app in', (p) => `node ${built.toolgate} --profile ${p} apps list`],
  ['answer a prompt with an option', (p) => `node ${built.toolgate} --profile=${p} approvals list`],
])('a shell cannot %s by naming the profile', async (_what, command) => {
  expect((await run(command(product.profile))).outcome).toBe('PROTECTED_PATH')
})

/*
 * A shell can hide the profile's name from any inspection of its text; the name is put together here as such an agent would.
 * Then the doors themselves must hold: the terminal door knows who started the command, even when the PIN is right.
 */
const hidden = (words: string) => {
  const half = Math.floor(product.profile.length / 2)
  return `a=${product.profile.slice(0, half)}; b=${product.profile.slice(half)}; export P="$a$b"; T="${process.execPath} ${built.toolgate} --profile $P"; ${words}`
}
const answering = join(import.meta.dirname, '..', 'fakes', 'answer-prompts.ts')

/** A call that waits for a person, and the id of its request. */
async function holdCall(name: string) {
  const held = files.request('tools/call', {
    name: 'create_directory',
    arguments: { path: join(product.workspace, name) },
  })
  let waiting: { id: string }[] = []
  while (waiting.length === 0) waiting = await product.json('approvals', 'list')
  return { held, id: waiting[0]?.id ?? '' }
}

/** A command of the product in a terminal that the agent opens, each prompt answered as it shows. */
const typed = (
  words: string,
  typing: Typing = [
    ['PIN:', pin],
    ['[y/N]', 'y'],
  ],
) => `"${process.execPath}" ${answering} '${JSON.stringify(typing)}' $T ${words} --json`

/** The code of the failure that a command prints with `--json`. */
function refusalIn(screen: string): string | undefined {
  const line = screen.split('\n').find((text) => text.startsWith('{"error":'))
  return line && JSON.parse(line).error.code
}

/** A looser policy that waits for a person, until the test is over. */
async function looserWaits(): Promise<void> {
  const file = join(product.profile, 'policy', 'rules.yaml')
  const before = readFileSync(file, 'utf8')
  const waits = async () =>
    (await product.json<{ waiting: object | null }>('policy', 'show').catch(() => null))?.waiting ?? null
  writeFileSync(file, before.replace('REQUIRE_APPROVAL\n    level: 1', 'ALLOW'))
  onTestFinished(async () => {
    writeFileSync(file, before)
    await expect.poll(waits, { timeout: 20_000 }).toBeNull()
  })
  await expect.poll(waits, { timeout: 20_000 }).not.toBeNull()
}

test.each<[what: string, words: (id: string) => string | Promise<string>, code: string]>([
  ['answer its own prompt', (id) => `$T approvals approve ${id} --yes --json </dev/null`, 'PRESENCE_NO_TERMINAL'],
  [
    'answer its own prompt with the PIN, in a terminal of its own',
    (id) => typed(`approvals approve ${id}`),
    'PRESENCE_IN_SERVER',
  ],
  ['the same from a session of its own', (id) => `setsid -w ${typed(`approvals approve ${id}`)}`, 'PRESENCE_IN_SERVER'],
  [
    'the same without its environment',
    (id) => `env -i PATH="$PATH" ${typed(`approvals approve ${id}`)}`,
    'PRESENCE_IN_SERVER',
  ],
  ['make a token', () => typed('clients issue evil'), 'PRESENCE_IN_SERVER'],
  [
    'enrol a PIN of its own',
    () =>
      typed('presence enroll', [
        ['current PIN', pin],
        ['new PIN', '999113'],
        ['again', '999113'],
      ]),
    'PRESENCE_IN_SERVER',
  ],
  ['approve a server', () => typed('servers approve files'), 'PRESENCE_IN_SERVER'],
  ['loosen policy', () => looserWaits().then(() => typed('policy confirm')), 'PRESENCE_IN_SERVER'],
  [
    'send the record elsewhere',
    () =>
      typed('audit stream add evil --url http://127.0.0.1:9/', [
        ['[y/N]', 'y'],
        ['PIN:', pin],
      ]),
    'PRESENCE_IN_SERVER',
  ],
])('a shell that hides what it does still cannot %s', async (_what, words, code) => {
  const { held, id } = await holdCall('own')
  const command = await words(id)
  const inForce = () => product.json<{ snapshot: string }>('policy', 'show').then(({ snapshot }) => snapshot)
  const before = {
    policy: readFileSync(join(product.profile, 'policy', 'rules.yaml'), 'utf8'),
    keys: readdirSync(join(product.profile, 'keys')),
    inForce: await inForce(),
  }
  const { outcome, text } = await run(hidden(command))
  expect(outcome).toBe('ok')
  expect({ code: refusalIn(text), text }).toMatchObject({ code })
  expect(text).toMatch(/exit 4$/)
  expect(await product.json<{ id: string }[]>('approvals', 'list')).toMatchObject([{ id }])
  expect({
    policy: readFileSync(join(product.profile, 'policy', 'rules.yaml'), 'utf8'),
    keys: readdirSync(join(product.profile, 'keys')),
    inForce: await inForce(),
  }).toEqual(before)
  await product.answerNext('deny')
  expect(JSON.stringify(await held)).toContain('APPROVAL_DENIED')
})

/** An app that waits to be let in, as an agent can make one wait at any time, and the id of its request. */
async function askToConnect() {
  const { http } = await product.json<{ http: string }>('status')
  const app = await registerClient(Number(new URL(http).port), { client_name: 'Own app' })
  await app.authorize()
  const waiting = await product.json<{ id: string }[]>('apps', 'list')
  return waiting.at(-1)?.id ?? ''
}

test.each<[how: string, words: (id: string) => string, said: string]>([
  ['without a terminal', (id) => `$T apps allow ${id} --yes --json </dev/null`, 'PRESENCE_NO_TERMINAL'],
  ['with the PIN, in a terminal of its own', (id) => typed(`apps allow ${id} --always`), 'PRESENCE_IN_SERVER'],
  ['from a session of its own', (id) => `setsid -w ${typed(`apps allow ${id}`)}`, 'PRESENCE_IN_SERVER'],
  ['without its environment', (id) => `env -i PATH="$PATH" ${typed(`apps allow ${id}`)}`, 'PRESENCE_IN_SERVER'],
  ['as it watches', () => typed('approvals watch').replace(' --json', ''), 'started by a governed server'],
])('an agent cannot let an app of its own in, %s', async (_how, words, said) => {
  const id = await askToConnect()
  const { text } = await run(hidden(words(id)))
  expect(refusalIn(text) ?? text).toContain(said)
  expect(text).toMatch(/exit 4$/)
  expect(await product.json<{ id: string }[]>('apps', 'list')).toContainEqual(expect.objectContaining({ id }))
  await product.atTerminal(
    ['apps', 'deny', id],
    [
      ['PIN:', pin],
      ['[y/N]', 'y'],
    ],
  )
})

test('the very same words work outside of what is governed: above, it is the asker who is refused', async () => {
  const { held, id } = await holdCall('mine')
  const { code, screen } = await program(['/bin/sh', '-c', hidden(typed(`approvals approve ${id}`))])
  expect({ code, screen }).toMatchObject({ code: 0, screen: expect.stringContaining('"approved"') })
  expect(screen).toMatch(/PIN:[\s\S]*Allow this call once\? \[y\/N\] y/)
  expect((await held).result?.isError).not.toBe(true)
  const app = await askToConnect()
  const letIn = await program(['/bin/sh', '-c', hidden(typed(`apps allow ${app}`))])
  expect(letIn).toMatchObject({ code: 0, screen: expect.stringContaining('"answer":"once"') })
})
