import type { PolicyProblem, PolicyView } from '../../../shared/calls.ts'
import { compareSnapshots } from '../policy/compare.ts'
import { describeRules } from '../policy/describe.ts'
import { compileSnapshot, type Snapshot } from '../policy/snapshot.ts'
import type { Clock, Log } from '../ports.ts'
import type { Db } from '../store/database.ts'
import { appendSnapshot } from '../store/policy-table.ts'
import { type FolderContent, folderProblem, readFolder } from './read-folder.ts'
import { restoreSnapshot } from './restore.ts'
import { writeStarter } from './starter.ts'
import { watchFolders } from './watch-folders.ts'

export type SnapshotsOptions = {
  db: Db
  /** Folder of the user's rule files. */
  folder: string
  /** Folder of the organisation's rule files; may be missing. */
  managedFolder: string
  /** Text of the rule file to write on the very first start, when the folder holds none. */
  starter: string
  /** Hash of a text, in hex. */
  sha256: (text: string) => string
  clock: Clock
  log: Log
  /** Called when what `view` shows has changed. */
  onChange: (view: PolicyView) => void
  /** For the audit: `policy.in_force`, `policy.waiting`, `policy.broken`. */
  onEvent: (event: string, detail: Record<string, unknown>) => void
}

/** Starts keeping policy: what was in force is in force again, the files are read, and their folders watched. */
export function createSnapshots(options: SnapshotsOptions): Snapshots {
  return new Snapshots(options)
}

/**
 * Keeps the policy in force in step with the rule files. A change that only tightens rules at once; one that loosens
 * anything waits until a person confirms it; files that are broken change nothing. What was in force is in force again
 * after a restart, whatever the files say by then.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions
  readonly #stopWatching: () => void
  /** A policy was in force before, but its record is unreadable: then nothing follows it unseen. */
  readonly #lost: boolean
  /** Who wrote the files that come into force first. */
  readonly #firstAuthor: string
  #inForce: Snapshot | null
  #since: string | null
  #waiting: { snapshot: Snapshot; changes: string[] } | null = null
  #problems: PolicyProblem[] = []

  constructor(options: SnapshotsOptions) {
    this.#options = options
    const restored = restoreSnapshot(options.db, options.sha256)
    this.#inForce = restored.snapshot
    this.#since = restored.since
    this.#lost = restored.lost
    const starting = restored.snapshot === null && !restored.lost
    this.#firstAuthor = starting && writeStarter(options.folder, options.starter) ? 'toolgate' : 'policy folder'
    this.#stopWatching = watchFolders([options.folder, options.managedFolder], options.clock, () => this.reload())
    this.reload()
  }

  /** The policy that decides now; null when there is none, and then nothing is allowed. */
  current(): Snapshot | null {
    return this.#inForce
  }

  view(): PolicyView {
    return {
      snapshot: this.#inForce?.hash ?? null,
      since: this.#since,
      rules: describeRules(this.#inForce?.rules ?? []),
      problems: this.#problems,
      waiting: this.#waiting && { hash: this.#waiting.snapshot.hash, changes: this.#waiting.changes },
    }
  }

  /** Puts the waiting change into force, exactly as it was shown; throws when `hash` is not the one that waits. */
  confirm(hash: string, reviewer: string): PolicyView {
    if (this.#waiting?.snapshot.hash !== hash) {
      throw new Error('no policy change with this hash is waiting; look again with `toolgate policy show`')
    }
    const { snapshot, changes } = this.#waiting
    this.#putInForce(snapshot, changes, reviewer)
    this.#waiting = null
    const view = this.view()
    this.#options.onChange(view)
    return view
  }

  /** Reads the folders now. All of what they hold takes effect, or nothing does. */
  reload(): void {
    const before = this.view()
    this.#problems = []
    this.#waiting = null
    const content = this.#read()
    const { snapshot, problems, warnings } = compileSnapshot(content.files, this.#options.sha256)
    for (const warning of warnings) this.#options.log.warn('a rule is allowed but unwise', warning)
    this.#problems = [...content.problems, ...problems]
    if (this.#problems.length === 0 && snapshot && snapshot.hash !== this.#inForce?.hash) this.#follow(snapshot)
    this.#tell(before, this.view())
  }

  close(): void {
    this.#stopWatching()
  }

  #read(): FolderContent {
    const { folder, managedFolder } = this.#options
    const [local, org] = [readFolder(folder, 'local'), readFolder(managedFolder, 'org')]
    const problems = [...local.problems, ...org.problems]
    if (local.files.length === 0 && problems.length === 0) problems.push(folderProblem(folder, noFiles))
    return { files: [...local.files, ...org.files], problems }
  }

  #follow(next: Snapshot): void {
    const { loosens, tightens } = compareSnapshots(this.#inForce, next)
    if (this.#lost && !this.#inForce) loosens.push('the policy that was in force before cannot be read any more')
    const changes = [...loosens.map((each) => `loosens: ${each}`), ...tightens.map((each) => `tightens: ${each}`)]
    if (loosens.length > 0) this.#waiting = { snapshot: next, changes }
    else {
      try {
        this.#putInForce(next, changes, null)
      } catch (error) {
        this.#options.log.error('the policy could not be put on record', { error: String(error) })
        this.#problems = [folderProblem(this.#options.folder, notOnRecord)]
      }
    }
  }

  /** The record comes first: a policy that is not on record would be another one after a restart. */
  #putInForce(next: Snapshot, changes: string[], reviewer: string | null): void {
    const { db, clock, log, onEvent } = this.#options
    const in_force_at = new Date(clock.now()).toISOString()
    const author = this.#inForce ? 'policy folder' : this.#firstAuthor
    const reason = changes.join('; ') || (this.#inForce ? 'decides every call as before' : 'first policy')
    appendSnapshot(db, { hash: next.hash, files: JSON.stringify(next.files), author, reviewer, reason, in_force_at })
    this.#inForce = next
    this.#since = in_force_at
    log.info('policy in force', { hash: next.hash, rules: next.rules.length, reviewer })
    onEvent('policy.in_force', { hash: next.hash, author, reviewer, changes })
  }

  /** Says what is new, and says it once. */
  #tell(before: PolicyView, after: PolicyView): void {
    const { log, onEvent, onChange } = this.#options
    if (same(before, after)) return
    const [first] = after.problems
    if (first && !same(before.problems, after.problems)) {
      const where = `${first.file}:${first.line}:${first.column}: ${first.message}`
      log.error('the policy files have problems, so what was in force stays', {
        problems: after.problems.length,
        where,
      })
      onEvent('policy.broken', { problems: after.problems.length, first: where, in_force: after.snapshot })
    }
    if (after.waiting && !same(before.waiting, after.waiting)) {
      log.warn('a policy change loosens something and waits for a person', after.waiting)
      onEvent('policy.waiting', { ...after.waiting, in_force: after.snapshot })
    }
    onChange(after)
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

const noFiles = {
  message: 'the policy folder holds no rule file',
  expected: 'at least one `*.yaml` file',
  suggestion: 'put a rule file there, see docs/policy.md',
}
const notOnRecord = {
  message: 'the policy could not be put on record, so it is not in force',
  expected: 'a database that can be written',
  suggestion: 'free disk space or fix permissions of the profile folder; see `toolgate doctor`',
}
