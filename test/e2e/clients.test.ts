import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { built } from '../fakes/built.ts'
import { program } from '../fakes/person.ts'
import { type Product, packageFile, startProduct } from '../fakes/product.ts'

/** A client's first destructive call scores 73: without `accept_risk` it asks at level 3, more than a terminal may answer. */
const policy = `version: v1
rules:
  - id: allow-reads
    match: { labels: { mcp.action: read } }
    decision: ALLOW
  - id: ask-changes
    match: { labels: { mcp.action: [write, destructive] } }
    decision: REQUIRE_APPROVAL
    level: 2
    accept_risk: 80
  - id: stay-inside
    match: { labels: { mcp.server: "*" } }
    when: resource.paths.exists(p, p != "WORKSPACE" && !p.startsWith("WORKSPACE/"))
    decision: DENY
    reason: only the workspace is touched
`

let product: Product

beforeAll(async () => {
  product = await startProduct(policy)
  writeFileSync(join(product.workspace, 'hello.txt'), 'hello from the workspace')
  await product.addServer('files', [
    process.execPath,
    packageFile('@modelcontextprotocol/server-filesystem', 'dist/index.js'),
    product.workspace,
  ])
}, 120_000)
afterAll(() => product.close())

type Caller = (tool: string, args: Record<string, string>) => Promise<string>

const shim = () => [built.shim, '--profile', product.profile, 'files']

async function run(words: string[]): Promise<string> {
  const { screen, stderr } = await program([process.execPath, ...words], { env: { NO_COLOR: '1' } })
  return `${screen}\n${stderr}`
}

const sdk =
  (version: string): Caller =>
  (tool, args) =>
    run([
      join(import.meta.dirname, '..', 'fakes', 'sdk-clients', `${version}.mjs`),
      built.shim,
      product.profile,
      'files',
      tool,
      JSON.stringify(args),
    ])

const clients: Record<string, Caller> = {
  'SDK v1': sdk('v1'),
  'SDK v2': sdk('v2'),
  inspector: (tool, args) => {
    const pairs = Object.entries(args).flatMap(([key, value]) => ['--tool-arg', `${key}=${value}`])
    const entry = packageFile('@modelcontextprotocol/inspector', 'clients/launcher/build/index.js')
    return run([entry, '--cli', process.execPath, ...shim(), '--method', 'tools/call', '--tool-name', tool, ...pairs])
  },
  mcporter: (tool, args) => {
    const pairs = Object.entries(args).map(([key, value]) => `${key}=${value}`)
    const stdio = [process.execPath, ...shim()].join(' ')
    return run([packageFile('mcporter', 'dist/cli.js'), 'call', '--stdio', stdio, tool, ...pairs])
  },
}

test.each(Object.entries(clients))(
  '%s: a read is allowed, a write outside is denied with its rule, a write inside waits for a person',
  async (name, call) => {
    const path = join(product.workspace, 'hello.txt')
    expect(await call('read_text_file', { path })).toContain('hello from the workspace')

    const outside = join(product.folder, `outside-${name.replace(' ', '')}.txt`)
    const denied = await call('write_file', { path: outside, content: 'x' })
    expect(denied).toContain('POLICY_DENIED')
    expect(denied).toContain('stay-inside')
    expect(existsSync(outside)).toBe(false)

    const inside = join(product.workspace, `${name.replace(' ', '')}.txt`)
    const [written, view] = await Promise.all([
      call('write_file', { path: inside, content: `by ${name}` }),
      product.answerNext('approve'),
    ])
    expect(view).toMatchObject({ server: 'files', tool: 'write_file', level: 2 })
    expect(written).not.toContain('refused')
    expect(readFileSync(inside, 'utf8')).toBe(`by ${name}`)
  },
)
