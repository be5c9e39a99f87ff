import { unusedDays } from '../../../shared/approval-state.ts'
import type { StoredEntry } from '../../../shared/audit.ts'
import type { UnusedTool } from '../../../shared/tool-approval.ts'
import type { Server } from './server-record.ts'

/** Records that are read at once; in between everything else goes on. */
const slice = 1000
const windowMs = unusedDays * 86_400_000

/** What of the record is read: the newest first, those before a number. */
type Tail = (query: { limit: number; before?: number }) => readonly StoredEntry[]

export type ToolUsage = ReturnType<typeof createToolUsage>

/** When each tool was last called, as the record of calls tells. It is read when somebody first asks, as far back as a quarter. */
export function createToolUsage({ tail, now }: { tail: Tail; now: () => number }) {
  const last = new Map<string, string>()
  let reading: Promise<void> | null = null
  const keyOf = (server: string, tool: string) => JSON.stringify([server, tool])

  function note(entries: readonly StoredEntry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'call' || entry.state !== 'forwarding') continue
      const key = keyOf(entry.tool_server, entry.tool_name)
      if ((last.get(key) ?? '') < entry.timestamp) last.set(key, entry.timestamp)
    }
  }

  async function read(): Promise<void> {
    const until = new Date(now() - windowMs).toISOString()
    let before: number | undefined
    for (;;) {
      const entries = tail({ limit: slice, ...(before === undefined ? {} : { before }) })
      note(entries)
      const oldest = entries.at(-1)
      if (!oldest || oldest.timestamp < until) return
      before = oldest.seq
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async function known(): Promise<void> {
    reading ??= read().catch((error: unknown) => {
      reading = null
      throw error
    })
    await reading
  }

  return {
    /** Hears of every record that is committed. */
    note,

    /** When tools were last called, by server and name; null for what was not within a quarter, nor ever since this started. */
    async lastUsed(): Promise<(server: string, tool: string) => string | null> {
      await known()
      return (server, tool) => last.get(keyOf(server, tool)) ?? null
    },

    /** Reviewed tools that were there for a quarter and that nobody called in it. */
    async unused(servers: readonly Server[]): Promise<UnusedTool[]> {
      await known()
      const since = new Date(now() - windowMs).toISOString()
      return servers.flatMap(({ name: server, tools }) =>
        [...tools].flatMap(([tool, { approval }]) => {
          const last_used = last.get(keyOf(server, tool)) ?? null
          const idle = approval.at <= since && (last_used === null || last_used <= since)
          return idle ? [{ server, tool, approved_at: approval.at, last_used }] : []
        }),
      )
    },
  }
}
