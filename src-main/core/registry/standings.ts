import { approvalState } from '../../../shared/approval-state.ts'
import type { ServersTable } from '../store/registry-tables.ts'
import type { LaunchValues } from '../vault/launch-values.ts'
import { autoApproved } from './auto-approve.ts'
import { fingerprint, type ToolDefinition } from './definition.ts'
import { type Change, definitionChanges } from './diff.ts'
import { driftOf, type FindProgram, type Identity, identify } from './identity/identity.ts'
import { mayRun, type PinnedTool, rowOf, type Server, textHash } from './server-record.ts'
import { lifeOf } from './tool-life.ts'

/** How a tool that a server offers right now stands to its review. `due`: its approval is over. */
export type Standing =
  | { state: 'reviewed'; tool: PinnedTool }
  | { state: 'held'; changes: Change[] }
  | { state: 'unreviewed' }
  | { state: 'due' }

/** Hears once of each change since a review: of a tool, of a server's instructions, of what it consists of; and what was taken in by itself. */
export type OnChange = {
  tool: (server: string, tool: string, changes: string[]) => void
  instructions: (server: string) => void
  files: (server: string, changes: string[]) => void
  pinned: (server: string, identity: Identity) => void
  autoApproved: (server: string, tool: PinnedTool) => void
}

/** What reviews and starts need to know of the place and the settings. */
export type RegistryDeps = {
  table: ServersTable
  onChange: OnChange
  values: LaunchValues
  programOf: FindProgram
  /** Milliseconds since 1970. */
  now: () => number
  /** Days that an approval of a tool counts. */
  lifetimeDays: () => number
  /** Whether tools of tier 1 need nobody (seed 002). */
  autoApprove: () => boolean
}

/** So many tools that nobody reviewed are kept in mind for each server. */
export const mostUnreviewed = 500

/** The servers whose standings are told. `named`: a name came. */
type Servers = {
  need: (name: string) => Server
  save: (server: Server) => void
  all: () => Iterable<Server>
  named: () => void
}

/** How what servers are, tell and offer right now stands to what was approved; differences are remembered until the next review. */
export function createStandings(deps: RegistryDeps & Servers) {
  const { table, onChange, programOf, now, need, save } = deps

  /** Pins at its first start what a server consists of that was approved before that was kept. */
  function adopt(server: Server): void {
    server.identity = identify(server.launch, programOf)
    onChange.pinned(server.name, server.identity)
    save(server)
  }

  /** A tool that nobody reviewed; one of tier 1 is taken in by itself where the settings say so. */
  function unreviewed(server: Server, live: ToolDefinition): Standing {
    const taken = deps.autoApprove() ? autoApproved(server, live, deps.all()) : null
    if (taken) {
      const at = new Date(now()).toISOString()
      const approval = lifeOf({ by: 'tier 1', door: '', level: 1, at }, deps.lifetimeDays())
      const tool = { review: taken, definition: live, approval }
      onChange.autoApproved(server.name, tool)
      table.putTool(server.name, rowOf(tool))
      server.tools.set(live.name, tool)
      server.unreviewed.delete(live.name)
      deps.named()
      return { state: 'reviewed', tool }
    }
    if (server.unreviewed.size < mostUnreviewed) server.unreviewed.set(live.name, live)
    return { state: 'unreviewed' }
  }

  return {
    /**
     * Looks whether what a server consists of is still what was approved, before it is started. A difference is remembered until
     * the next review; it makes `mayRun` false.
     */
    look(name: string): Server {
      const server = need(name)
      if (!mayRun(server)) return server
      if (server.identity === null) adopt(server)
      server.drift = server.identity ? driftOf(server.identity, server.launch, programOf) : []
      if (server.drift.length > 0) onChange.files(name, server.drift)
      return server
    },

    /** True when these are the instructions that were approved; a difference is remembered until the next review. */
    instructed(name: string, instructions: string): boolean {
      const server = need(name)
      if (server.approved_instructions === textHash(instructions)) return true
      if (server.said === null) onChange.instructions(name)
      server.said = instructions.slice(0, 65_536)
      return false
    },

    /** Compares what a server says a tool is now with its pin, and remembers a difference until the next review. */
    compare(name: string, live: ToolDefinition): Standing {
      const server = need(name)
      const pinned = server.tools.get(live.name)
      const refused = server.denied.find(({ tool }) => tool === live.name)
      if (!pinned) return refused ? { state: 'unreviewed' } : unreviewed(server, live)
      if (refused)
        return { state: 'held', changes: refused.changes.map((text) => ({ what: 'a person denied it', text })) }
      const held = server.held.get(live.name)
      if (fingerprint(live) === pinned.review.fingerprint) {
        if (held) return { state: 'held', changes: held.changes }
        return approvalState(pinned.approval, now()) === 'review_due'
          ? { state: 'due' }
          : { state: 'reviewed', tool: pinned }
      }
      const changes = definitionChanges(pinned.definition, live)
      if (!held)
        onChange.tool(
          name,
          live.name,
          changes.map(({ text }) => text),
        )
      server.held.set(live.name, { changes, live })
      return { state: 'held', changes }
    },
  }
}
