import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the suite tells a client of a scenario; `url` is that of its server. */
export type Asked = { url: string; scenario: string; revision: string; context: Record<string, unknown> }

/** Is the client of whatever the suite runs `command` for, until it is closed; what `beClient` rejects with is what the client fails with. */
export async function hostClients(
  beClient: (asked: Asked) => Promise<void>,
): Promise<{ command: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-host-'))
  const path = join(folder, 'clients')
  const host = createServer({ allowHalfOpen: true }, async (socket) => {
    let text = ''
    for await (const chunk of socket.setEncoding('utf8')) text += chunk
    const failed = (error: unknown) => (error instanceof Error ? `${error.stack}` : String(error))
    // The suite ends a client that takes too long, and then hears nothing more of it.
    socket.on('error', () => {})
    socket.end(await beClient(JSON.parse(text) as Asked).then(() => 'done', failed))
  })
  await once(host.listen(path), 'listening')
  return {
    command: `${process.execPath} ${join(import.meta.dirname, 'be-client.mjs')} ${path}`,
    async close() {
      host.close()
      await once(host, 'close')
      rmSync(folder, { recursive: true })
    },
  }
}
