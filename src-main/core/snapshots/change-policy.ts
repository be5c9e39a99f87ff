import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CallError } from '../../../shared/call-errors.ts'
import type { PolicyDraft, PolicyPast } from '../../../shared/policy-tools.ts'
import { PolicyCommit } from '../../../shared/policy-tools.ts'
import type { PolicyProblem, PolicyView } from '../../../shared/policy-view.ts'
import type { PolicyFile } from '../policy/rule.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import { runTests } from '../policy/tests/run-tests.ts'
import type { Clock, Log } from '../ports.ts'
import type { Db } from '../store/database.ts'
import { keepIntent, noteCommit, type PastRow, pastSnapshots } from '../store/policy-table.ts'
import { commitOf } from './git-commit.ts'
import { pastFiles } from './restore.ts'
import type { Snapshots } from './snapshots.ts'
import { writeFiles } from './write-files.ts'

type Deps = {
  db: Db
  snapshots: () => Snapshots
  /** Folder of the user's rule files. */
  folder: string
  /** PATH in which git is found. */
  path: string
  clock: Clock
  log: Log
  record: (event: string, detail: Record<string, unknown>) => void
}

/** How a change came about: why, and through which door. */
export type Why = { reason: string; door: string }

export type PolicyChanges = ReturnType<typeof createPolicyChanges>

/**
 * Changes of the policy folder that are asked for, and the story of all that ruled. What is written here is a change of the
 * folder like any other: what it loosens waits for a person.
 */
export function createPolicyChanges(deps: Deps) {
  const { db, snapshots, folder, clock, record } = deps

  function problemsOf(draft: PolicyDraft | null): { snapshot: Snapshot | null; problems: PolicyProblem[] } {
    const { snapshot, problems } = snapshots().find(draft === null ? 'folder' : { draft })
    return { snapshot, problems: snapshot ? runTests(snapshot).problems : problems }
  }

  /** INVARIANT: nothing is written that would add a mistake to the folder. */
  function write(draft: PolicyDraft, { reason, door }: Why, event: string, detail: object): PolicyView {
    const { snapshot, problems } = problemsOf(draft)
    const before = new Set(problemsOf(null).problems.map(text))
    const fresh = problems.find((problem) => !before.has(text(problem)))
    if (fresh) throw new CallError('POLICY_PROBLEM', `${fresh.file}:${fresh.line}:${fresh.column}: ${fresh.message}`)
    record(event, { ...detail, reason, door, hash: snapshot?.hash ?? null })
    if (snapshot) keepIntent(db, { hash: snapshot.hash, reason, at: new Date(clock.now()).toISOString() })
    const kept = new Set(draft.files.map(({ path }) => path))
    const others = snapshots()
      .files()
      .filter(({ path, origin }) => origin === 'local' && !kept.has(path))
    const gone = draft.on === 'nothing' ? others.map(({ path }) => ({ path, text: null })) : []
    try {
      writeFiles(folder, [...draft.files, ...gone])
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? String(error)
      throw new CallError('POLICY_UNWRITABLE', why)
    }
    snapshots().reload()
    return snapshots().view()
  }

  return {
    /** Writes, or with null removes, a file. Throws `CallError` CONFLICT when it is not the one that was read, or POLICY_PROBLEM. */
    save(change: { file: string; text: string | null; expected_hash: string | null }, why: Why): PolicyView {
      const { file, text, expected_hash } = change
      const now = snapshots()
        .files()
        .find(({ path, origin }) => origin === 'local' && path === file)
      const unread = !now && existsSync(join(folder, file))
      if (unread || (now?.hash ?? null) !== expected_hash)
        throw new CallError('CONFLICT', `\`${file}\` is not as it was read`)
      const draft: PolicyDraft = { files: [{ path: file, text }], on: 'folder' }
      return write(draft, why, 'policy.saved', { file, removed: text === null })
    },

    /** Puts the local files of a former policy back. Throws `CallError` NOT_FOUND or POLICY_PROBLEM. */
    rollback(hash: string, why: Why): PolicyView {
      const files = pastFiles(db, hash)
      if (!files)
        throw new CallError(
          'NOT_FOUND',
          `no policy \`${hash.slice(0, 12)}\` is on record`,
          'see `toolgate policy history`',
        )
      const local = files.filter(({ origin }) => origin === 'local').map(({ path, text }) => ({ path, text }))
      return write({ files: local, on: 'nothing' }, why, 'policy.rolled_back', { to: hash })
    },

    history(limit: number): PolicyPast[] {
      return pastSnapshots(db, limit).map((row, index) => viewPast(row, index === 0 && inForce(row)))
    },

    /** Asks the folder's repository, if it has one, for the commit that came into force, and keeps it with the policy. */
    async noteCommit(id: number, files: readonly PolicyFile[]): Promise<void> {
      try {
        const commit = await commitOf(folder, files, deps.path)
        if (commit && db.open) noteCommit(db, id, JSON.stringify(commit))
      } catch (error) {
        deps.log.warn('the commit of the policy could not be noted', { error: String(error) })
      }
    },
  }

  function inForce({ hash }: PastRow): boolean {
    return hash === snapshots().current()?.hash
  }
}

function viewPast({ id: _id, git_commit, ...row }: PastRow, in_force: boolean): PolicyPast {
  return { ...row, commit: git_commit === null ? null : parseCommit(git_commit), in_force }
}

function parseCommit(json: string): PolicyCommit | null {
  const parsed = PolicyCommit.safeParse(JSON.parse(json))
  return parsed.success ? parsed.data : null
}

function text({ file, line, column, message }: PolicyProblem): string {
  return JSON.stringify([file, line, column, message])
}
