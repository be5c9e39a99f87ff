import { setImmediate as turn } from 'node:timers/promises'
import type { StoredEntry } from '../../../shared/audit.ts'
import type { PromptChange, PromptRow, PromptsTable } from '../store/prompts-table.ts'
import type { Prompt } from './figures.ts'

/** Records looked at before others get their turn. */
const slice = 2_000
const keptMs = 31 * 24 * 3_600_000
/** The most prompts that figures are drawn from. */
const mostPrompts = 50_000

/**
 * Keeps the table of prompts as far as the record goes: each record is read once, a slice at a time, so that neither a start nor
 * a question costs more than what is new. `settle` moves what the journal still holds to where the table reads.
 */
export function createRollUp(table: PromptsTable, settle: () => void) {
  let running: Promise<void> | null = null

  async function read(): Promise<void> {
    settle()
    const last = table.lastRecord()
    for (let from = table.through(); from < last; from += slice) {
      const upTo = Math.min(from + slice, last)
      table.apply(table.record(from, upTo).flatMap(changeIn), upTo)
      await turn()
    }
  }
  const catchUp = (): Promise<void> => {
    running ??= read().finally(() => {
      running = null
    })
    return running
  }
  return {
    /** What people were asked since `from`, up to now, oldest first. */
    async prompts(from: number, now: number): Promise<Prompt[]> {
      await catchUp()
      table.forget(now - keptMs)
      return table.since(from, mostPrompts).map(promptOf)
    },
  }
}

function promptOf({ opened_at, settled_at, waited_ms, rules, ...rest }: PromptRow): Prompt {
  const named: unknown = JSON.parse(rules)
  return {
    ...{ opened: opened_at, settled: settled_at, waitedMs: waited_ms, outcome: rest.outcome },
    ...{ client: rest.client, server: rest.server, tool: rest.tool },
    rules: Array.isArray(named) ? named.map(String) : [],
  }
}

function changeIn({ body }: { body: string }): PromptChange[] {
  const entry = parsed(body)
  if (!entry) return []
  const at = Date.parse(entry.timestamp)
  if (entry.kind === 'event') {
    if (entry.event === 'gateway.started') return [{ kind: 'restarted', at }]
    const { approval_id: id, answer } = entry.detail
    return typeof id === 'string' && typeof answer === 'string' ? [{ kind: 'settled', id, at, outcome: answer }] : []
  }
  const { approval_id: id, wait_ms: ms } = entry
  if (id === undefined) return []
  if (entry.state === 'answered') return ms === undefined ? [] : [{ kind: 'waited', id, ms }]
  const { agent_name: client, tool_server: server, tool_name: tool, rule_ids = [] } = entry
  const rest = { opened_at: at, settled_at: null, outcome: 'pending', waited_ms: null }
  return [{ kind: 'opened', row: { id, client, server, tool, rules: JSON.stringify(rule_ids), ...rest } }]
}

/** A record that cannot be read counts for nothing here: verification names it. */
function parsed(body: string): StoredEntry | null {
  try {
    return JSON.parse(body) as StoredEntry
  } catch {
    return null
  }
}
