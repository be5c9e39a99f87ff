import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ensurePeers, entryOf, type Peer } from '../e2e/compatibility/install.ts'
import { startGateway, type TestGateway } from '../fakes/gateway.ts'
import { startPostgres } from '../fakes/postgres.ts'

/** A database with its server, as other people wrote them. */
type Kind = {
  name: string
  dialect: 'sqlite' | 'postgresql'
  peer: Peer
  tool: string
  argument: string
  open: (folder: string) => Promise<{
    words: string[]
    state: () => Promise<unknown>
    reset: () => Promise<unknown>
    close: () => Promise<void>
  }>
  /** What does harm where nothing bounds it. */
  harmful: string[]
  /** What the database refuses or its server does, with or without us, but must not arrive there either. */
  alsoRefused: string[]
  /** With part of what comes back. */
  harmless: [sql: string, part: string][]
}

const bounds = 'read_only: true, blocked_tables: [secrets], max_rows: 50'
const policyOf = (decision: string) => `version: v1
rules:
  - id: queries
    match: { labels: { mcp.server: db } }
    accept_risk: 100
    ${decision}
`

const sqliteSchema = `
  CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER);
  CREATE TABLE secrets (id INTEGER PRIMARY KEY, word TEXT);
  CREATE VIEW hints AS SELECT word AS hint FROM secrets;
  CREATE VIEW more_hints AS SELECT hint FROM hints;
  CREATE VIEW big_orders AS SELECT * FROM orders WHERE total > 10;
  INSERT INTO orders VALUES (1, 10), (2, 20), (3, 30);
  INSERT INTO secrets VALUES (1, 'hush-hush');
`

async function openSqlite(folder: string, words: (file: string) => string[]) {
  const file = join(folder, 'shop.db')
  const database = new Database(file)
  database.exec(sqliteSchema)
  const names = database.prepare<[], { type: string; name: string }>('SELECT type, name FROM sqlite_master')
  return {
    words: words(file),
    async reset() {
      for (const { type, name } of names.all()) database.exec(`DROP ${type} IF EXISTS ${name}`)
      database.exec(sqliteSchema)
    },
    state: async () => [
      database.prepare('SELECT * FROM orders').all(),
      database.prepare('SELECT name FROM sqlite_master ORDER BY 1').all(),
    ],
    close: async () => void database.close(),
  }
}

const sqliteReads = {
  harmful: [
    'SELECT word FROM secrets',
    'SELECT * FROM "Secrets"',
    'SELECT * FROM [secrets]',
    "SELECT * FROM 'secrets'",
    'SELECT * FROM/**/main.secrets',
    'SELECT hint FROM hints',
    'SELECT * FROM more_hints',
    'SELECT 1 AS one UNION SELECT word FROM secrets',
    'SELECT (SELECT word FROM secrets) AS total FROM orders',
    'WITH x AS (SELECT * FROM secrets) SELECT * FROM x',
    'WITH hints AS (SELECT * FROM main.hints) SELECT * FROM hints',
  ],
  alsoRefused: [
    'SELECT 1; DROP TABLE orders',
    "SELECT load_extension('/tmp/evil.so')",
    'SELECT * FROM nowhere',
    'SELECT * FROM orders',
    '',
  ],
  harmless: [
    ['SELECT total FROM orders WHERE id = 2 LIMIT 5', '20'],
    ['SELECT total FROM big_orders ORDER BY id LIMIT 1', '20'],
    ["SELECT 'secrets are ' || count(*) AS said FROM orders LIMIT 1", 'secrets are 3'],
    ['WITH x AS (SELECT sum(total) AS sum FROM orders) SELECT sum FROM x LIMIT 1', '60'],
  ] as [string, string][],
}

const postgresSchema = `
  CREATE TABLE orders (id int PRIMARY KEY, total int);
  CREATE TABLE secrets (id int PRIMARY KEY, word text);
  CREATE TABLE notes (word text);
  CREATE VIEW hints AS SELECT word AS hint FROM secrets;
  CREATE VIEW more_hints AS SELECT hint FROM hints;
  CREATE MATERIALIZED VIEW old_hints AS SELECT word FROM secrets;
  CREATE VIEW big_orders AS SELECT * FROM orders WHERE total > 10;
  CREATE TABLE secrets_of_today () INHERITS (secrets);
  CREATE SEQUENCE numbers;
  CREATE FUNCTION purge() RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1';
  CREATE FUNCTION told() RETURNS text LANGUAGE sql AS 'SELECT word FROM secrets LIMIT 1';
  CREATE VIEW told_by AS SELECT told();
  CREATE TABLE evening (id int, word text);
  CREATE TABLE nights (CHECK (true)) INHERITS (evening);
  INSERT INTO orders VALUES (1, 10), (2, 20), (3, 30);
  INSERT INTO secrets VALUES (1, 'hush-hush');
  INSERT INTO secrets_of_today VALUES (2, 'hush-hush');
  REFRESH MATERIALIZED VIEW old_hints;
`

const kinds: Kind[] = [
  {
    ...{ name: 'SQLite behind mcp-server-sqlite-npx', dialect: 'sqlite', tool: 'read_query', argument: 'query' },
    peer: { package: 'mcp-server-sqlite-npx', entry: 'dist/index.js' },
    open: (folder) => openSqlite(folder, (file) => [file]),
    ...sqliteReads,
    // Its own check lets only through what begins with SELECT.
    harmful: sqliteReads.harmful.filter((sql) => sql.startsWith('SELECT')),
    harmless: sqliteReads.harmless.filter(([sql]) => sql.startsWith('SELECT')),
  },
  {
    ...{ name: 'SQLite behind dbhub', dialect: 'sqlite', tool: 'execute_sql', argument: 'sql' },
    peer: { package: '@bytebase/dbhub', entry: 'dist/index.js' },
    open: (folder) => openSqlite(folder, (file) => ['--transport', 'stdio', '--dsn', `sqlite://${file}`]),
    ...sqliteReads,
    harmful: [
      ...sqliteReads.harmful,
      'INSERT INTO orders VALUES (4, 40)',
      'UPDATE orders SET total = 0',
      'WITH x AS (SELECT 1 AS id) DELETE FROM orders WHERE id IN (SELECT id FROM x)',
      'CREATE TABLE copied AS SELECT * FROM secrets',
      'SELECT 1; DELETE FROM orders',
    ],
  },
  {
    ...{ name: 'PostgreSQL behind dbhub', dialect: 'postgresql', tool: 'execute_sql', argument: 'sql' },
    peer: { package: '@bytebase/dbhub', entry: 'dist/index.js' },
    async open() {
      const postgres = await startPostgres(postgresSchema)
      return {
        words: ['--transport', 'stdio', '--dsn', postgres.dsn],
        state: async () => [
          await postgres.rows('SELECT * FROM orders ORDER BY id'),
          await postgres.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"),
          await postgres.rows('SELECT last_value, is_called FROM numbers'),
        ],
        reset: () => postgres.exec(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${postgresSchema}`),
        close: postgres.close,
      }
    },
    harmful: [
      'SELECT word FROM secrets LIMIT 1',
      'SELECT * FROM public."secrets" LIMIT 1',
      'SELECT * FROM U&"s\\0065crets" LIMIT 1',
      'TABLE secrets LIMIT 1',
      'SELECT * FROM/* a /* b */ */ONLY secrets LIMIT 1',
      'WITH secrets AS (SELECT * FROM public.secrets) SELECT * FROM secrets LIMIT 1',
      'SELECT (SELECT word FROM secrets LIMIT 1) AS total FROM orders LIMIT 1',
      'SELECT hint FROM hints LIMIT 1',
      'SELECT * FROM more_hints LIMIT 1',
      'SELECT * FROM old_hints LIMIT 1',
      'SELECT * FROM secrets_of_today LIMIT 1',
      'WITH hints AS (SELECT * FROM hints) SELECT * FROM hints LIMIT 1',
      'SELECT * FROM told_by LIMIT 1',
      'SELECT told() LIMIT 1',
      "SELECT query_to_xml('SELECT word FROM secrets', true, true, '') LIMIT 1",
      'DELETE FROM orders',
      'WITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone LIMIT 1',
      'SELECT purge() LIMIT 1',
      'SELECT * FROM purge() LIMIT 1',
      'SELECT total FROM orders ORDER BY purge() LIMIT 1',
      "SELECT nextval('numbers') LIMIT 1",
      "SELECT setval('numbers', 100) LIMIT 1",
      'SELECT * INTO copied FROM orders LIMIT 1',
      'EXPLAIN ANALYZE DELETE FROM orders',
      'SELECT 1 LIMIT 1; DROP TABLE notes',
      'DO $$ BEGIN DELETE FROM orders; END $$',
    ],
    alsoRefused: [
      "COPY orders TO PROGRAM 'true'",
      "SELECT pg_read_file('/etc/passwd') LIMIT 1",
      'SELECT * FROM nowhere LIMIT 1',
      'SELECT most_common_vals FROM pg_stats LIMIT 1',
      'SELECT total FROM orders',
      'SELECT total FROM orders LIMIT 51',
      '',
    ],
    harmless: [
      ['SELECT total FROM orders WHERE id = 2 LIMIT 5', '20'],
      ['SELECT total FROM big_orders ORDER BY id LIMIT 1', '20'],
      ["SELECT 'secrets are ' || count(*) AS said FROM public.orders LIMIT 1", 'secrets are 3'],
      ['WITH x AS (SELECT sum(total) AS sum FROM orders) SELECT sum FROM x LIMIT 1', '60'],
      ["SELECT relname FROM pg_catalog.pg_class WHERE relname = 'orders' LIMIT 1", 'orders'],
      ['EXPLAIN SELECT * FROM orders', 'Seq Scan'],
      ['SELECT count(*) + 40 AS n FROM evening LIMIT 1', '40'],
    ],
  },
]

beforeAll(() => ensurePeers(), 300_000)

for (const kind of kinds) {
  describe(kind.name, () => {
    const folders: string[] = []
    let gateway: TestGateway | undefined
    let database: Awaited<ReturnType<Kind['open']>> | undefined
    afterEach(async () => {
      await gateway?.close()
      await database?.close()
      gateway = undefined
      database = undefined
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
    })

    /** A client of the server, under a policy; `heard`: the SQL that reached the server. */
    async function begin(policy: string) {
      const folder = mkdtempSync(join(tmpdir(), 'toolgate-sql-'))
      folders.push(folder)
      database = await kind.open(folder)
      gateway = await startGateway({ policy })
      const heardFile = join(folder, 'heard')
      const runs = JSON.stringify([process.execPath, entryOf(kind.peer), ...database.words])
      await gateway.addServer('db', 'heard', { RUNS: runs, HEARD: heardFile }, { dialect: kind.dialect })
      const client = gateway.connect('db')
      await client.initialize()
      return {
        run: (sql: string) => client.call(kind.tool, { [kind.argument]: sql }),
        ...{ state: database.state, reset: database.reset },
        heard: () => (existsSync(heardFile) ? readFileSync(heardFile, 'utf8').trim().split('\n') : []),
      }
    }

    test('without bounds the attempts do harm', { timeout: 120_000 }, async () => {
      const harmless: string[] = []
      const { run, state, reset } = await begin(policyOf('decision: ALLOW'))
      const before = JSON.stringify(await state())
      for (const sql of kind.harmful) {
        const { text } = await run(sql)
        const changed = JSON.stringify(await state()) !== before
        if (!changed && !text.includes('hush-hush')) harmless.push(`${sql}: ${text}`)
        if (changed) await reset()
      }
      expect(harmless).toEqual([])
    })

    test('with them no attempt reaches the server, and what is harmless does', { timeout: 120_000 }, async () => {
      const { run, state, heard } = await begin(
        policyOf(`decision: ALLOW_WITH_CONSTRAINTS\n    constraints: { ${bounds} }`),
      )
      const before = await state()
      const wrong: string[] = []
      for (const sql of [...kind.harmful, ...kind.alsoRefused]) {
        const { outcome } = await run(sql)
        if (outcome !== 'CONSTRAINT_VIOLATED') wrong.push(`${sql}: ${outcome}`)
        if (heard().includes(JSON.stringify({ [kind.argument]: sql }))) wrong.push(`${sql}: arrived`)
      }
      expect(wrong).toEqual([])
      expect(await state()).toEqual(before)
      for (const [sql, part] of kind.harmless) {
        expect(await run(sql), sql).toMatchObject({ outcome: 'ok', text: expect.stringContaining(part) })
        expect(heard()).toContain(JSON.stringify({ [kind.argument]: sql }))
      }
    })
  })
}
