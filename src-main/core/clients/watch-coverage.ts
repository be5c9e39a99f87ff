import { statSync } from 'node:fs'
import { z } from 'zod'
import type { FoundClient } from '../../../shared/client-config.ts'
import type { Clock, Log, Notification } from '../ports.ts'
import { knownClients } from './known-clients.ts'
import { thisMachine } from './machine.ts'

/** Often enough for a page that shows it; a look costs some fifty `stat`s. */
const everyMs = 5_000
const fact = 'bypasses_told'
/** Of each connected file what was told to go past Toolgate. */
const Told = z.record(z.string(), z.array(z.string()))

/** Small named facts of this profile. */
type Facts = { get: (name: string) => string | null; set: (name: string, value: string) => unknown }

type Deps = {
  clock: Clock
  log: Log
  facts: Facts
  find: () => Promise<FoundClient[]>
  record: (event: string, detail: Record<string, unknown>) => void
  notify: (notification: Notification) => void
  /** Hears that a configuration changed. */
  onChange: () => void
}

/**
 * Watches the configurations of this user's clients: pages hear of every change, and a person of a connected client that goes past
 * Toolgate, once for each server of it. Gives what ends that.
 */
export function watchCoverage(deps: Deps): () => void {
  const { clock, log, facts } = deps
  let seen = marks()
  let told = toldBefore(facts)
  let ended = false
  let cancel = clock.after(0, () => void next(true))

  async function next(anyway: boolean): Promise<void> {
    const now = marks()
    if (anyway || now !== seen) {
      seen = now
      await look().catch((error: unknown) =>
        log.error('configurations of clients could not be looked at', { error: String(error) }),
      )
      if (!anyway) deps.onChange()
    }
    if (!ended) cancel = clock.after(everyMs, () => void next(false))
  }

  async function look(): Promise<void> {
    const open = openIn(await deps.find())
    for (const { client, path, names } of open) {
      const fresh = names.filter((name) => !told[path]?.includes(name))
      if (fresh.length > 0) tell(client, path, fresh)
    }
    const after = Object.fromEntries(open.map(({ path, names }) => [path, names]))
    if (JSON.stringify(after) === JSON.stringify(told)) return
    told = after
    facts.set(fact, JSON.stringify(told))
  }

  function tell(client: FoundClient, path: string, names: readonly string[]): void {
    deps.record('client.bypassed', { client: client.id, path, servers: names })
    const what = names.length === 1 ? `\`${names[0]}\` no longer goes` : `${names.length} of its servers no longer go`
    deps.notify({
      kind: 'warning',
      title: `${client.name} goes past Toolgate`,
      body: `${what} through Toolgate. Repair it on the page of clients, or by \`toolgate clients connect ${client.id}\`.`,
    })
  }

  return () => {
    ended = true
    cancel()
  }
}

/** Connected files of clients in which something goes past Toolgate, and what. */
function openIn(found: readonly FoundClient[]): { client: FoundClient; path: string; names: string[] }[] {
  return found.flatMap((client) => {
    const files = client.files
      .filter(({ connected, problem }) => connected && problem === null)
      .map(({ path, entries }) => ({
        ...{ client, path },
        names: entries.filter(({ guard, off }) => guard === 'bypassed' && !off).map(({ name }) => name),
      }))
    const { hooks } = client
    const silent = hooks?.connected && !hooks.on ? [{ client, path: hooks.path, names: ['its own tools'] }] : []
    return [...files, ...silent].filter(({ names }) => names.length > 0)
  })
}

/** What the file system says of every file that could matter, as one text. */
function marks(): string {
  const machine = thisMachine(null, [])
  const files = knownClients.flatMap(({ files, hooks }) => [...files(machine), ...(hooks ? [hooks.file(machine)] : [])])
  return files.map(({ path }) => markOf(path)).join()
}

function markOf(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path)
    return `${ino}-${size}-${mtimeMs}`
  } catch {
    return ''
  }
}

function toldBefore(facts: Facts): z.infer<typeof Told> {
  try {
    return Told.parse(JSON.parse(facts.get(fact) ?? '{}'))
  } catch {
    return {}
  }
}
