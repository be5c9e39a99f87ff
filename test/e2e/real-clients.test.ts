import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installPeers } from '../../scripts/setup/peers.mjs'
import type { ClientView } from '../../shared/calls.ts'
import type { FoundClient } from '../../shared/client-config.ts'
import { program } from '../fakes/person.ts'
import { type Product, packageFile, pin, startProduct } from '../fakes/product.ts'

const root = join(import.meta.dirname, '..', '..')
const packages = join(root, 'test', 'clients', 'node_modules')
const { platform, arch } = process

/** The first of these files that is there. */
const firstOf = (...paths: string[]) => paths.map((path) => join(packages, path)).find((path) => existsSync(path)) ?? ''

/** An AI client as it is installed from the registry: how it is run, where it keeps its servers, and what it says of one that answers. */
type Real = {
  words: () => string[]
  env: Record<string, string>
  file: string
  text: (command: string, args: string[]) => string
  reached: RegExp
}

const clients: Record<string, Real> = {
  'claude-code': {
    words: () => [firstOf(`@anthropic-ai/claude-code-${platform}-${arch}/claude`), 'mcp', 'list'],
    env: { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1' },
    file: '.claude.json',
    text: (command, args) => JSON.stringify({ mcpServers: { files: { type: 'stdio', command, args } } }, null, 2),
    reached: /files: .* Connected/,
  },
  'gemini-cli': {
    words: () => [process.execPath, firstOf('@google/gemini-cli/bundle/gemini.js'), 'mcp', 'list'],
    env: { GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    file: '.gemini/settings.json',
    text: (command, args) => JSON.stringify({ mcpServers: { files: { command, args } } }, null, '\t'),
    reached: /files: .* Connected/,
  },
  opencode: {
    words: () => [
      // Its registry has the others too seldom for a lock file to name them.
      firstOf('opencode-linux-x64-baseline/bin/opencode'),
      'mcp',
      'list',
    ],
    env: { OPENCODE_DISABLE_AUTOUPDATE: '1' },
    file: '.config/opencode/opencode.json',
    text: (command, args) =>
      JSON.stringify({ mcp: { files: { type: 'local', command: [command, ...args] } } }, null, 2),
    reached: /✓ files .*connected/,
  },
}

const policy = 'version: v1\nrules:\n  - id: reads\n    match: { labels: { mcp.action: read } }\n    decision: ALLOW\n'
let product: Product

beforeAll(async () => {
  await installPeers(root)
  product = await startProduct(policy)
}, 400_000)
afterAll(() => product?.close())

/** Those whose program is there for this system; on Linux with x64 that is every one. */
const there = Object.keys(clients).filter((id) => id !== 'opencode' || (platform === 'linux' && arch === 'x64'))

describe.skipIf(platform === 'win32')('a client of others in a fresh home folder', () => {
  test.each(there)(
    '%s lists and reaches its server through Toolgate once it is connected',
    { timeout: 180_000 },
    async (id) => {
      const { words, env, file, text, reached } = clients[id] as Real
      const home = join(product.folder, `home of ${id}`)
      const config = join(home, file)
      mkdirSync(dirname(config), { recursive: true })
      const server = packageFile('@modelcontextprotocol/server-filesystem', 'dist/index.js')
      // A server of its own, which nobody has approved for another client.
      const folder = join(product.workspace, id)
      mkdirSync(folder)
      writeFileSync(config, text(process.execPath, [server, folder]))
      // Of the environment only what a fresh account has: nothing of this machine's own clients.
      const own = {
        HOME: home,
        XDG_CONFIG_HOME: '',
        XDG_DATA_HOME: '',
        XDG_STATE_HOME: '',
        XDG_CACHE_HOME: '',
        NO_COLOR: '1',
        ...env,
      }
      const list = async () => {
        const { screen, stderr } = await program(words(), { env: own, cwd: product.workspace })
        return `${screen}\n${stderr}`
      }
      expect(await list()).toMatch(reached)

      await product.atTerminal(['clients', 'connect', id, '--yes', '--home', home], [['PIN', pin]])
      const [client] = await product.json<FoundClient[]>('clients', 'list', '--home', home)
      const [entry] = client?.files.flatMap(({ entries }) => entries) ?? []
      expect(entry).toMatchObject({ name: 'files', guard: 'configured' })
      expect(readFileSync(config, 'utf8')).toContain('shim.js')
      // Nobody has approved the server yet: the client hears why it gets no further.
      expect(await list()).not.toMatch(reached)
      await product.approveServer(entry?.server ?? '')
      expect(await list()).toMatch(reached)
      const entries = await product.json<ClientView[]>('clients', 'entries')
      const name = client?.name
      expect(entries.find((it) => it.name === name)).toMatchObject({ revoked: false, last_seen: expect.any(String) })

      // Some clients wrote into the file meanwhile: that stays.
      await product.atTerminal(['clients', 'undo', id, '--yes', '--home', home], [['PIN', pin]])
      expect(readFileSync(config, 'utf8')).not.toContain('shim.js')
      expect(await list()).toMatch(reached)
    },
  )
})
