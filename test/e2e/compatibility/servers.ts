import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { entryOf, type Peer } from './install.ts'
import type { Place } from './place.ts'
import { serve } from './serve.ts'

/** Calls a tool and gives the text of its result; throws when that is an error. */
export type Act = (tool: string, args: object) => Promise<string>

/** A third-party server: how it is registered, what it is asked to do, and where that shows. */
export type PeerServer = Peer & {
  name: string
  over: 'stdio' | 'HTTP' | 'HTTP+SSE'
  /** What follows its name in `servers add`; what runs for that ends with the place. */
  launch: (place: Place) => Promise<string[]>
  /** What it is asked to do, for people. */
  does: string
  /** Does it; `mark` is new each time. Throws when the effect does not show. */
  act: (call: Act, place: Place, mark: string) => Promise<void>
  /** A call that policy denies, and whether its effect shows all the same; `hidden`: whatever it asks for, so its tool is not listed. */
  denied: {
    tool: string
    hidden?: true
    args: (place: Place, mark: string) => object
    happened: (place: Place, mark: string) => boolean
  }
}

type Words = (place: Place) => string[]

/** Run by the gateway: the words behind its file, and what else to say at its registration. */
const byStdio = (peer: Peer, words: Words, options: Words = () => []) => ({
  ...peer,
  over: 'stdio' as const,
  launch: async (place: Place) => [...options(place), '--', process.execPath, entryOf(peer), ...words(place)],
})

/** How often a visit was written down, and whether there is a table. */
const visits = (place: Place, mark: string) => place.firstOf('SELECT count(*) AS n FROM visits WHERE name = ?', mark)
const hasTable = (place: Place, name: string) =>
  place.firstOf("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?", name) !== undefined

const everythingPackage = { package: '@modelcontextprotocol/server-everything', entry: 'dist/index.js' }

const everything: PeerServer = {
  name: 'everything',
  ...byStdio(
    everythingPackage,
    () => ['stdio'],
    () => ['--env', 'GZIP_ALLOWED_DOMAINS=127.0.0.1'],
  ),
  does: 'fetches a page and packs it, and asks its client for folders, its model and its person',
  async act(call, { web, product }, mark) {
    const packed = await call('gzip-file-as-resource', {
      name: mark,
      data: `${web.url}/${mark}`,
      outputType: 'resource',
    })
    expect(packed).toContain('application/gzip')
    expect(web.asked).toContain(`/${mark}`)
    expect(await call('get-roots-list', {})).toContain(product.workspace)
    expect(await call('trigger-sampling-request', { prompt: 'say something' })).toContain('said by the model')
    expect(await call('trigger-elicitation-request', {})).toContain('said by the person')
  },
  denied: {
    tool: 'gzip-file-as-resource',
    args: ({ web }, mark) => ({ name: mark, data: `${web.url}/forbidden-${mark}`, outputType: 'resource' }),
    happened: ({ web }, mark) => web.asked.includes(`/forbidden-${mark}`),
  },
}

const filesystem: PeerServer = {
  name: 'filesystem',
  ...byStdio({ package: '@modelcontextprotocol/server-filesystem', entry: 'dist/index.js' }, ({ product }) => [
    product.workspace,
  ]),
  does: 'writes a file and reads it',
  async act(call, { product }, mark) {
    const path = join(product.workspace, `${mark}.txt`)
    await call('write_file', { path, content: `written by ${mark}` })
    expect(await call('read_text_file', { path })).toContain(`written by ${mark}`)
    expect(readFileSync(path, 'utf8')).toBe(`written by ${mark}`)
  },
  denied: {
    tool: 'create_directory',
    hidden: true,
    args: ({ product }, mark) => ({ path: join(product.workspace, mark) }),
    happened: ({ product }, mark) => existsSync(join(product.workspace, mark)),
  },
}

const memoryFile = (place: Place) => join(place.folder, 'memory.jsonl')

const memory: PeerServer = {
  name: 'memory',
  ...byStdio(
    { package: '@modelcontextprotocol/server-memory', entry: 'dist/index.js' },
    () => [],
    (place) => ['--env', `MEMORY_FILE_PATH=${memoryFile(place)}`],
  ),
  does: 'remembers an entity and finds it',
  async act(call, place, mark) {
    await call('create_entities', { entities: [{ name: mark, entityType: 'visitor', observations: ['came by'] }] })
    expect(await call('search_nodes', { query: mark })).toContain('came by')
    expect(readFileSync(memoryFile(place), 'utf8')).toContain(mark)
  },
  denied: {
    tool: 'delete_entities',
    hidden: true,
    args: (_, mark) => ({ entityNames: [mark] }),
    happened: (place, mark) => !readFileSync(memoryFile(place), 'utf8').includes(mark),
  },
}

const dbhubPackage = { package: '@bytebase/dbhub', entry: 'dist/index.js' }

const dbhub: PeerServer = {
  name: 'dbhub',
  ...byStdio(dbhubPackage, ({ database }) => ['--transport', 'stdio', '--dsn', `sqlite://${database}`]),
  does: 'inserts a row and selects it',
  async act(call, place, mark) {
    await call('execute_sql', { sql: `INSERT INTO visits VALUES ('${mark}')` })
    expect(await call('execute_sql', { sql: `SELECT name FROM visits WHERE name = '${mark}'` })).toContain(mark)
    expect(visits(place, mark)).toEqual({ n: 1 })
  },
  denied: {
    tool: 'execute_sql',
    args: () => ({ sql: 'DROP TABLE visits' }),
    happened: (place) => !hasTable(place, 'visits'),
  },
}

const sqlite: PeerServer = {
  name: 'sqlite',
  ...byStdio({ package: 'mcp-server-sqlite-npx', entry: 'dist/index.js' }, ({ database }) => [database]),
  does: 'inserts a row and selects it',
  async act(call, place, mark) {
    await call('write_query', { query: `INSERT INTO visits VALUES ('${mark}')` })
    expect(await call('read_query', { query: `SELECT name FROM visits WHERE name = '${mark}'` })).toContain(mark)
    expect(visits(place, mark)).toEqual({ n: 1 })
  },
  denied: {
    tool: 'create_table',
    hidden: true,
    args: () => ({ query: 'CREATE TABLE unwanted (name TEXT)' }),
    happened: (place) => hasTable(place, 'unwanted'),
  },
}

const git: PeerServer = {
  name: 'git',
  ...byStdio({ package: '@cyanheads/git-mcp-server', entry: 'dist/index.js' }, () => []),
  does: 'adds a file, commits it and reads the log',
  async act(call, { repository, git }, mark) {
    writeFileSync(join(repository, mark), mark)
    await call('git_set_working_dir', { path: repository })
    await call('git_add', { paths: [mark] })
    await call('git_commit', { message: `add ${mark}` })
    expect(await call('git_log', { maxCount: 1 })).toContain(`add ${mark}`)
    expect(git('log', '-1', '--format=%s')).toBe(`add ${mark}\n`)
  },
  denied: {
    tool: 'git_tag',
    hidden: true,
    args: (_, mark) => ({ mode: 'create', tagName: mark }),
    happened: ({ git }, mark) => git('tag').includes(mark),
  },
}

const playwright: PeerServer = {
  name: 'playwright',
  ...byStdio({ package: '@playwright/mcp', entry: 'cli.js' }, ({ browser }) => [
    ...['--headless', '--isolated', '--no-sandbox', '--executable-path', browser],
  ]),
  does: 'opens a page and reads its text',
  async act(call, { web }, mark) {
    await call('browser_navigate', { url: `${web.url}/${mark}` })
    expect(await call('browser_snapshot', {})).toContain(`this is /${mark}`)
    expect(web.asked).toContain(`/${mark}`)
  },
  denied: {
    tool: 'browser_navigate',
    args: ({ web }, mark) => ({ url: `${web.url}/forbidden-${mark}` }),
    happened: ({ web }, mark) => web.asked.includes(`/forbidden-${mark}`),
  },
}

/** The same server where it listens by itself, reached at `path`. */
const everythingOver = (over: 'HTTP' | 'HTTP+SSE', mode: string, path: string): PeerServer => ({
  ...everything,
  ...{ name: `everything-${mode.toLowerCase()}`, over },
  async launch(place) {
    const env = { GZIP_ALLOWED_DOMAINS: '127.0.0.1' }
    const { port, end } = await serve(everything, (at) => ({ words: [mode], env: { ...env, PORT: at } }))
    place.atEnd(end)
    return ['--url', `http://127.0.0.1:${port}${path}`]
  },
})

const dbhubOverHttp: PeerServer = {
  ...dbhub,
  ...{ name: 'dbhub-http', over: 'HTTP' },
  async launch(place) {
    const words = ['--transport', 'http', '--dsn', `sqlite://${place.database}`]
    const { port, end } = await serve(dbhub, (at) => ({ words: [...words, '--port', at] }))
    place.atEnd(end)
    return ['--url', `http://127.0.0.1:${port}/mcp`]
  },
}

/** The servers that the table lists, in its order. */
export const servers: readonly PeerServer[] = [
  ...[everything, everythingOver('HTTP', 'streamableHttp', '/mcp'), everythingOver('HTTP+SSE', 'sse', '/sse')],
  ...[filesystem, memory, dbhub, dbhubOverHttp, sqlite, git, playwright],
]
