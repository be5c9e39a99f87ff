import { CallError } from '../../../shared/call-errors.ts'
import type { ProcessFacts, ProcessTable } from './process-table.ts'

/** Processes under governance right now: servers that we run, and the clients whose shims are connected. */
export type Governed = { servers: number[]; clients: number[] }

/** No real chain of parents is longer; a longer one is refused as unreadable. */
const chainLimit = 256

/**
 * Throws `CallError` unless `pid` is a process that a person of this user types into: in the foreground of a real
 * terminal, its input from there, and neither it nor any process above it governed (contracts.md, doors). A process above it
 * that cannot be inspected counts as governed. Says nothing about who the caller is: that takes the PIN and the held file.
 */
export async function checkTerminal(table: ProcessTable, pid: number, governed: Governed): Promise<void> {
  const chain = await ancestry(table, pid)
  const caller = chain[0] as ProcessFacts
  if (caller.users.some((user) => user !== process.getuid?.())) throw new CallError('PRESENCE_OTHER_USER')
  if (caller.terminal === null || !(await table.readsTerminal(caller))) throw new CallError('PRESENCE_NO_TERMINAL')
  if (!caller.foreground) throw new CallError('PRESENCE_BACKGROUND')
  refuseGovernedAncestors(chain, governed, await serverSessions(table, governed))
  await refuseMarked(table, chain)
  const now = await table.read(pid)
  if (now?.started !== caller.started) throw new CallError('PRESENCE_UNREADABLE', 'the process changed meanwhile')
}

/** The process and everything above it, nearest first. */
async function ancestry(table: ProcessTable, pid: number): Promise<ProcessFacts[]> {
  const chain: ProcessFacts[] = []
  for (let next = pid; next > 0; ) {
    const facts = await table.read(next)
    if (!facts) throw new CallError('PRESENCE_UNREADABLE', `process ${next}`)
    const child = chain.at(-1)
    // A parent that started after its child is another process that got the same number since.
    if (chain.length >= chainLimit || (child && facts.started > child.started)) {
      throw new CallError('PRESENCE_UNREADABLE', `process ${next}`)
    }
    chain.push(facts)
    next = facts.parent
  }
  if (chain.length === 0) throw new CallError('PRESENCE_UNREADABLE', `process ${pid}`)
  return chain
}

/** Servers run in sessions of their own, so a descendant that lost its parents still shows where it came from. */
async function serverSessions(table: ProcessTable, governed: Governed): Promise<Set<number>> {
  const leaders = await Promise.all(governed.servers.map((pid) => table.read(pid)))
  return new Set(
    leaders.filter((facts) => facts !== null && facts.session === facts.pid).map((facts) => facts?.pid ?? 0),
  )
}

function refuseGovernedAncestors(chain: ProcessFacts[], governed: Governed, sessions: Set<number>): void {
  for (const facts of chain) {
    const who = `pid ${facts.pid}, ${facts.name}`
    if (governed.servers.includes(facts.pid) || sessions.has(facts.session))
      throw new CallError('PRESENCE_IN_SERVER', who)
    if (governed.clients.includes(facts.pid)) throw new CallError('PRESENCE_IN_CLIENT', who)
  }
}

async function refuseMarked(table: ProcessTable, chain: ProcessFacts[]): Promise<void> {
  for (const [index, facts] of chain.entries()) {
    // The first process of a system descends from nothing that is governed, and often may not be looked into.
    if (facts.pid === 1) continue
    const marking = await table.marking(facts.pid)
    if (marking === 'marked') throw new CallError('PRESENCE_GOVERNED', `pid ${facts.pid}, ${facts.name}`)
    // Programs such as sshd or login hide their environment; only the caller itself must be readable in any case.
    if (marking === 'unreadable' || (marking === 'foreign' && index === 0)) {
      throw new CallError('PRESENCE_UNREADABLE', `process ${facts.pid}`)
    }
  }
}
