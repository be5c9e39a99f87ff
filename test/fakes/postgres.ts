import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { entryOf } from '../e2e/compatibility/install.ts'

type Database = {
  exec: (sql: string) => Promise<unknown>
  query: (sql: string) => Promise<{ rows: Record<string, unknown>[] }>
  execProtocolRaw: (message: Uint8Array) => Promise<Uint8Array>
  close: () => Promise<void>
}

/** What a client asks before it says who it is: whether to encrypt. */
const sslRequest = 80_877_103

/**
 * A real PostgreSQL in this process, in memory (PGlite), on a port of 127.0.0.1 that any client may use. It has one session for all:
 * what comes is answered message by message.
 */
export async function startPostgres(schema: string) {
  const { PGlite } = (await import(entryOf({ package: '@electric-sql/pglite', entry: 'dist/index.js' }))) as {
    PGlite: { create: () => Promise<Database> }
  }
  const database = await PGlite.create()
  await database.exec(schema)
  const sockets = new Set<Socket>()
  let turn: Promise<unknown> = Promise.resolve()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    let held: Buffer = Buffer.alloc(0)
    let greeted = false
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes])
      for (;;) {
        // The first message has no letter before its length.
        const lead = greeted ? 1 : 0
        const length = held.length < lead + 4 ? Number.POSITIVE_INFINITY : held.readUInt32BE(lead) + lead
        if (held.length < length) return
        const message = held.subarray(0, length)
        held = held.subarray(length)
        if (!greeted && message.readUInt32BE(4) === sslRequest) {
          socket.write('N')
          continue
        }
        greeted = true
        // Ending one connection must not end the session of all.
        if (message[0] === 0x58) return void socket.end()
        turn = turn.then(async () => socket.write(await database.execProtocolRaw(message)))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    dsn: `postgres://postgres:postgres@127.0.0.1:${port}/postgres?sslmode=disable`,
    /** The rows of a query, as the database's owner sees them. */
    rows: async (sql: string) => (await database.query(sql)).rows,
    exec: (sql: string) => database.exec(sql),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await database.close()
    },
  }
}
