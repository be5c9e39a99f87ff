import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { program } from '../../fakes/person.ts'
import { entryOf, type Peer } from './install.ts'
import { type Session, type Speaks, sessionV1, sessionV2, type Way } from './sdk.ts'

/** What a client is asked to do: to list tools, and to call one with these arguments. */
export type Task = { tool: string; args: Record<string, string> }

/** What it showed of the list and of the result. */
export type Shown = { listed: string; answered: string }

/** A third-party client: what it speaks, by which doors it can come, and how it is run; `folder` is one for its own files. */
export type PeerClient = Peer & {
  name: string
  speaks: Speaks
  by: readonly ('stdio' | 'HTTP')[]
  run: (way: Way, task: Task, folder: string) => Promise<Shown>
}

/** Runs a client program; throws what it said when it ends otherwise than well. */
async function output(peer: Peer, words: readonly string[], folder: string): Promise<string> {
  const env = { HOME: folder, NO_COLOR: '1' }
  const { code, screen, stderr } = await program([process.execPath, entryOf(peer), ...words], { env, cwd: folder })
  if (code !== 0) throw new Error(`ended with ${code}: ${screen}${stderr}`)
  return screen
}

const inSession =
  (open: (way: Way, folder: string) => Promise<Session>): PeerClient['run'] =>
  async (way, { tool, args }, folder) => {
    const session = await open(way, folder)
    try {
      const listed = (await session.tools()).join(' ')
      return { listed, answered: (await session.call(tool, args)).text }
    } finally {
      await session.close()
    }
  }

const pairs = (args: Record<string, string>) => Object.entries(args).map(([key, value]) => `${key}=${value}`)

const inspector = (speaks: Speaks): PeerClient => {
  const peer = { package: '@modelcontextprotocol/inspector', entry: 'clients/launcher/build/index.js' }
  return {
    ...{ ...peer, name: 'inspector', speaks, by: ['stdio', 'HTTP'] },
    async run(way, { tool, args }, folder) {
      const launch =
        'url' in way
          ? { type: 'streamable-http', url: way.url, headers: { Authorization: `Bearer ${way.token}` } }
          : { type: 'stdio', command: way.words[0], args: way.words.slice(1), env: way.env ?? {} }
      const config = join(folder, 'inspector.json')
      writeFileSync(config, JSON.stringify({ mcpServers: { server: { ...launch, protocolEra: speaks } } }))
      const words = ['--cli', '--config', config, '--server', 'server', '--format', 'json', '--method']
      const given = pairs(args).flatMap((pair) => ['--tool-arg', pair])
      return {
        listed: await output(peer, [...words, 'tools/list'], folder),
        answered: await output(peer, [...words, 'tools/call', '--tool-name', tool, ...given], folder),
      }
    },
  }
}

const mcporter: PeerClient = {
  ...{ package: 'mcporter', entry: 'dist/cli.js', name: 'mcporter', speaks: 'legacy', by: ['stdio', 'HTTP'] },
  async run(way, { tool, args }, folder) {
    const to =
      'url' in way
        ? ['--http-url', way.url, '--allow-http', '--header', `Authorization=Bearer ${way.token}`]
        : ['--stdio', way.words[0] ?? '', ...way.words.slice(1).flatMap((word) => ['--stdio-arg', word])]
    return {
      listed: await output(mcporter, ['list', ...to, '--json'], folder),
      answered: await output(mcporter, ['call', ...to, tool, ...pairs(args)], folder),
    }
  },
}

/** A bridge to HTTP for clients that only start programs: such a client is ours, one of the SDK. */
const mcpRemote = (speaks: 'legacy' | 'auto'): PeerClient => {
  const peer = { package: 'mcp-remote', entry: 'dist/proxy.js' }
  const started = (way: Way, folder: string): Way => {
    if (!('url' in way)) throw new Error('it only goes to an address')
    const options = ['--allow-http', '--transport', 'http-only', '--protocol', speaks]
    const header = ['--header', `Authorization: Bearer ${way.token}`]
    const env = { HOME: folder, MCP_REMOTE_CONFIG_DIR: join(folder, 'mcp-remote') }
    return { words: [process.execPath, entryOf(peer), way.url, ...options, ...header], env }
  }
  const open = (way: Way, folder: string) =>
    speaks === 'legacy' ? sessionV1(started(way, folder), folder) : sessionV2(started(way, folder), 'auto', folder)
  return { ...peer, name: 'mcp-remote', speaks, by: ['HTTP'], run: inSession(open) }
}

const sdkV1: PeerClient = {
  ...{ package: '@modelcontextprotocol/sdk', entry: '', name: 'SDK v1', speaks: 'legacy', by: ['stdio', 'HTTP'] },
  run: inSession(sessionV1),
}

const sdkV2 = (speaks: Speaks): PeerClient => ({
  ...{ package: '@modelcontextprotocol/client', entry: '', name: 'SDK v2', speaks, by: ['stdio', 'HTTP'] },
  run: inSession((way, folder) => sessionV2(way, speaks, folder)),
})

/** The clients that the table lists, in its order. */
export const clients: readonly PeerClient[] = [
  ...(['legacy', 'auto', 'modern'] as const).map(inspector),
  mcporter,
  mcpRemote('legacy'),
  mcpRemote('auto'),
  sdkV1,
  ...(['legacy', 'auto', 'modern'] as const).map(sdkV2),
]
