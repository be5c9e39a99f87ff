import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { installPeers } from '../../../scripts/setup/peers.mjs'
import { hashOf } from '../../../src-main/core/clients/config-file.ts'
import { valueIn } from '../../../src-main/core/clients/documents/document.ts'
import { decodeConfig, openDocument } from '../../../src-main/core/clients/documents/open-document.ts'
import type { ConfigFile, KnownClient, Machine } from '../../../src-main/core/clients/known-client.ts'
import { knownClients } from '../../../src-main/core/clients/known-clients.ts'
import { readConfig, rewriteConfig } from '../../../src-main/core/clients/plan-connect.ts'
import { undoConfig } from '../../../src-main/core/clients/undo-connect.ts'
import { testFolder } from '../../fakes/folder.ts'
import { program } from '../../fakes/person.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const addMcp = join(root, 'test', 'peers', 'node_modules', 'add-mcp', 'dist', 'index.js')

/** The clients that add-mcp writes to for a user, by what it calls them; each knows their files and shapes for itself. */
const agents: Record<string, string> = {
  ...{ antigravity: 'antigravity', 'claude-code': 'claude-code', 'claude-desktop': 'claude-desktop', cline: 'cline' },
  ...{
    codex: 'codex',
    cursor: 'cursor',
    'gemini-cli': 'gemini-cli',
    'github-copilot-cli': 'copilot-cli',
    goose: 'goose',
  },
  ...{ 'kiro-cli': 'kiro', opencode: 'opencode', vscode: 'vscode', windsurf: 'windsurf', zed: 'zed' },
}
/** Those that it writes to for a project too. */
const ofProjects = ['claude-code', 'codex', 'cursor', 'gemini-cli', 'opencode', 'vscode']
/** To the others it gives a remote server as a program that reaches it, or in a form of its own. */
const remote = ['claude-code', 'codex', 'cursor', 'gemini-cli', 'opencode', 'vscode']

const secret = 'tok-of-the-oracle'
const words = ['--env', `API_TOKEN=${secret}`, '--args', '/srv/x', '-n', 'files', 'mcp-server-filesystem']

/** A fresh home folder in which add-mcp adds servers; gives how to add one, and the machine as Toolgate sees it. */
function fresh(agent: string, everywhere: boolean) {
  const home = testFolder()
  const project = join(home, 'shop')
  mkdirSync(project)
  const env = { HOME: home, XDG_CONFIG_HOME: '', NO_COLOR: '1', CODEX_HOME: join(home, '.codex') }
  const machine: Machine = {
    ...{ platform: process.platform, system: '/etc', home, settings: join(home, '.config'), moved: () => null },
    projects: everywhere ? [] : [project],
  }
  const add = async (...more: string[]) => {
    const all = [process.execPath, addMcp, ...(everywhere ? ['-g'] : []), '-y', '-a', agent, ...more]
    const { code, screen, stderr } = await program(all, { env, cwd: project })
    if (code !== 0) throw new Error(`add-mcp ended with ${code}: ${screen}${stderr}`)
  }
  return { machine, add }
}

/** The file that add-mcp wrote, among those where Toolgate looks, and what Toolgate reads there. */
function written(id: string, machine: Machine, scope: ConfigFile['scope']) {
  const client = knownClients.find((it) => it.id === id) as KnownClient
  const file = client.files(machine).find((it) => it.scope === scope && existsSync(it.path))
  if (!file) throw new Error(`add-mcp wrote nothing where ${id} is looked for`)
  const bytes = readFileSync(file.path)
  return { client, file, bytes, entries: readConfig(file, client, bytes) }
}

beforeAll(() => installPeers(root), 300_000)

// Where add-mcp keeps files on other systems is not where a test could send it.
describe.skipIf(process.platform !== 'linux')('what an independent tool writes for a client', () => {
  test.each(Object.entries(agents))('%s: is found, read alike, connected, and taken back', async (agent, id) => {
    const { machine, add } = fresh(agent, true)
    await add(...words)
    const { client, file, bytes, entries } = written(id, machine, 'user')
    const launch = { transport: 'stdio', command: 'npx', args: ['-y', 'mcp-server-filesystem', '/srv/x'] }
    expect(entries).toMatchObject([{ name: 'files', launch: { ...launch, env: { API_TOKEN: secret } }, off: false }])

    const [{ place } = { place: [] }] = entries
    const shim = { command: '/usr/bin/node', args: ['/opt/shim.js', 'files', '--entry', 'client_1'], env: {} }
    const after = rewriteConfig(file, bytes, [{ place, shim }])
    expect(readConfig(file, client, after)).toMatchObject([
      { name: 'files', launch: { command: shim.command, args: shim.args } },
    ])
    expect(String(after)).not.toContain(secret)
    const dataOf = (it: Buffer) => openDocument(file.format, decodeConfig(it).text).data
    const done = { place, before: valueIn(dataOf(bytes), place), after: valueIn(dataOf(after), place) }
    const undone = undoConfig(file, after, { original: bytes, written: hashOf(after), rewrites: [done] })
    expect(undone.bytes?.equals(bytes)).toBe(true)
  })

  test.each(ofProjects)('%s: is found in a project too', async (agent) => {
    const { machine, add } = fresh(agent, false)
    await add(...words)
    const { entries } = written(agents[agent] ?? '', machine, 'project')
    expect(entries).toMatchObject([{ name: 'files', launch: { transport: 'stdio', command: 'npx' } }])
  })

  test.each(remote)('%s: a remote server with a header is read alike', async (agent) => {
    const { machine, add } = fresh(agent, true)
    await add('-t', 'http', '--header', `Authorization: Bearer ${secret}`, '-n', 'far', 'https://mcp.example.com/mcp')
    const { entries } = written(agents[agent] ?? '', machine, 'user')
    const headers = { Authorization: `Bearer ${secret}` }
    expect(entries).toMatchObject([
      { name: 'far', launch: { transport: 'http', url: 'https://mcp.example.com/mcp', headers } },
    ])
  })
})
