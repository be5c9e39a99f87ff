// A SQLite database in memory behind two tools that take any SQL, `read_query` and `write_query`; a third, `list_notes`, takes none.
//   SQL_LOG   a file that gets one line for each SQL text that arrives
//   SQL_CALLS a file that gets one line for each call of a tool that arrives, with all of its arguments
//   SQL_HELD  questions about the schema wait as long as this file is there
//   SQL_SAYS  `plain`: answers as lines, which nobody can count as rows; else as JSON
import { appendFileSync, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'

const { SQL_LOG, SQL_SAYS, SQL_CALLS, SQL_HELD } = process.env
const db = new Database(':memory:')
db.exec(`
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);
  CREATE TABLE secrets (id INTEGER PRIMARY KEY, word TEXT);
  CREATE VIEW notes AS SELECT word AS note FROM secrets;
  CREATE VIEW people AS SELECT id, name FROM users;
  INSERT INTO users VALUES (1, 'Ada', 'ada@example.com'), (2, 'Bo', 'bo@example.com'), (3, 'Cy', 'cy@example.com');
  INSERT INTO secrets VALUES (1, 'hush');
`)

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)
const schema = { type: 'object', properties: { sql: { type: 'string' } } }
const tools = [
  { name: 'read_query', inputSchema: schema, annotations: { readOnlyHint: true } },
  { name: 'write_query', inputSchema: schema, annotations: { readOnlyHint: false, destructiveHint: false } },
  { name: 'list_notes', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
]

function run(sql) {
  const statement = db.prepare(sql)
  return statement.reader ? statement.all() : [statement.run()]
}

function call({ name, arguments: args = {} }) {
  if (name === 'list_notes') return { content: [{ type: 'text', text: 'one note' }] }
  if (SQL_LOG) appendFileSync(SQL_LOG, `${JSON.stringify(args.sql)}\n`)
  try {
    const rows = run(args.sql)
    const text =
      SQL_SAYS === 'plain' ? rows.map((row) => Object.values(row).join(' ')).join('\n') : JSON.stringify(rows)
    return { content: [{ type: 'text', text }] }
  } catch (error) {
    return { content: [{ type: 'text', text: String(error) }], isError: true }
  }
}

/** Answers a call, one that asks for the schema once nothing holds it up. */
function answered(params, reply) {
  const held = SQL_HELD && existsSync(SQL_HELD) && JSON.stringify(params).includes('sqlite_master')
  if (held) setTimeout(() => answered(params, reply), 10)
  else reply(call(params))
}

function handle({ id, method, params }) {
  const reply = (result) => send({ jsonrpc: '2.0', id, result })
  if (method === 'initialize') {
    const { protocolVersion } = params
    return reply({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'sqlite', version: '1' } })
  }
  if (method === 'tools/list') return reply({ tools })
  if (method === 'tools/call') {
    if (SQL_CALLS) appendFileSync(SQL_CALLS, `${JSON.stringify(params)}\n`)
    return answered(params, reply)
  }
  if (method === 'ping') return reply({})
  if (id !== undefined && method) send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })
}

createInterface({ input: process.stdin })
  .on('line', (line) => handle(JSON.parse(line)))
  .on('close', () => process.exit(0))
