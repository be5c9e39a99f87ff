import { z } from 'zod'
import { ToolgateError } from '../../../shared/errors.ts'
import type { HaltScope, HaltTarget } from '../../../shared/stop.ts'
import type { Log } from '../ports.ts'
import type { HaltsTable } from '../store/stop-tables.ts'

const Body = z.strictObject({
  reason: z.string(),
  /** Milliseconds since 1970. */
  since: z.int().nullable(),
  by: z.string(),
  door: z.string(),
  tripped_by: z.string().nullable(),
})

/** What is halted, since when, by whom and why. */
export type Halt = z.infer<typeof Body> & { scope: HaltScope; name: string }

export type Halts = ReturnType<typeof createHalts>

const unread = { reason: 'its record cannot be read', since: null, by: '', door: '', tripped_by: null }

/**
 * What is halted: everything, servers, clients. It is so until a person resumes it, across restarts; what cannot be read stays halted,
 * and of what cannot be told what it is about, everything.
 */
export function createHalts({ table, log }: { table: HaltsTable; log: Log }) {
  const halts = load(table, log)

  return {
    /** Why nothing of this client may reach this server, or null; for no server: why nothing of it may reach any. */
    haltOf(server: string | null, client: string): Halt | null {
      if (halts.size === 0) return null
      const ofServer = server === null ? undefined : halts.get(keyOf('server', server))
      return halts.get(keyOf('all', '')) ?? ofServer ?? halts.get(keyOf('client', client)) ?? null
    },

    list: (): Halt[] => [...halts.values()],
    find: (target: HaltTarget): Halt | null => halts.get(keyOf(...named(target))) ?? null,

    /** Halts at once, and only until this process ends. */
    set: (halt: Halt): void => void halts.set(keyOf(halt.scope, halt.name), halt),
    /** Makes a halt last. Throws when it cannot be written. */
    save({ scope, name, ...body }: Halt): void {
      table.put(scope, name, JSON.stringify(body))
    },
    /** Ends a halt, in the database first. Throws when that cannot be written; then it stays. */
    lift({ scope, name }: Halt): void {
      table.remove(scope, name)
      halts.delete(keyOf(scope, name))
    },
  }
}

/** The scope that a target names, and its name. */
export function named({ server, client }: HaltTarget): [scope: HaltScope, name: string] {
  if (server !== undefined) return ['server', server]
  return client === undefined ? ['all', ''] : ['client', client]
}

/** The refusal of what is halted. It says which halt, and keeps the person's reason from the client. */
export function stoppedBy(halt: Halt): ToolgateError {
  return new ToolgateError('STOPPED', haltWords(halt))
}

/** What is halted, in words for a client. */
function haltWords({ scope, name }: Pick<Halt, 'scope' | 'name'>): string {
  if (scope === 'all') return 'everything'
  return scope === 'server' ? `the server \`${name}\`` : 'this client'
}

function load(table: HaltsTable, log: Log): Map<string, Halt> {
  const found = new Map<string, Halt>()
  for (const { scope, name, body } of table.all()) {
    const read = Body.safeParse(parsed(body))
    if (!read.success) log.error('a halt cannot be read, and stays', { scope, name })
    const known = scope === 'server' || scope === 'client'
    const of = known ? ({ scope, name } as const) : ({ scope: 'all', name: '' } as const)
    found.set(keyOf(of.scope, of.name), { ...(read.success ? read.data : unread), ...of })
  }
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function keyOf(scope: HaltScope, name: string): string {
  return `${scope}:${name}`
}
