import type { PolicySource } from '../../../shared/policy-tools.ts'
import type { PolicyFileView, PolicyProblem, PolicyView, RuleView } from '../../../shared/policy-view.ts'
import type { ToolSchemas } from '../policy/argument-types.ts'
import { compareSnapshots } from '../policy/compare.ts'
import { describeAccesses, describeRules } from '../policy/describe.ts'
import type { Snapshot } from '../policy/snapshot.ts'
import { runTests } from '../policy/tests/run-tests.ts'
import type { Clock, Log, Secrets } from '../ports.ts'
import type { Db } from '../store/database.ts'
import { appendSnapshot, dropIntent, intentOf } from '../store/policy-table.ts'
import { type Compiler, createCompiler } from './compiler.ts'
import { type FolderContent, folderProblem, holdsRules, noFiles, readFolder } from './read-folder.ts'
import { createReadings, type Readings } from './readings.ts'
import { pastSnapshot, restoreSnapshot } from './restore.ts'
import { type FoundPolicy, findPolicy } from './source.ts'
import { writeStarter } from './starter.ts'
import { watchFolders } from './watch-folders.ts'

/** What keeping policy works with, and whom it tells. */
export type SnapshotsOptions = {
  db: Db
  secrets: Secrets
  /** Folder of the user's rule files. */
  folder: string
  /** Folder of the organisation's rule files; may be missing. */
  managedFolder: string
  /** Text of the rule file to write on the very first start, when the folder holds none. */
  starter: string
  /** Who this gateway belongs to, and so whose rule files these are. */
  user: string
  /** Hash of a text, in hex. */
  sha256: (text: string) => string
  /** What the tools that were reviewed take; conditions in new files are checked against it. */
  schemas: ToolSchemas
  clock: Clock
  log: Log
  /** Called when what `view` shows has changed, but not while these are created. */
  onChange: (view: PolicyView) => void
  /** For the audit: `policy.in_force`, `policy.waiting`, `policy.broken`. When it throws, nothing comes into force. */
  onEvent: (event: string, detail: Record<string, unknown>) => void
  /** Hears of each policy that came into force, with the number of its row on record. */
  onInForce?: (id: number, snapshot: Snapshot) => void
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
  readonly #compile: Compiler
  readonly #readings: Readings
  readonly #stopWatching: () => void
  /** A policy was in force before, but its record is unreadable: then nothing follows it unseen. */
  readonly #lost: boolean
  /** The files that come into force first are the starter policy, written by us. */
  readonly #startsItself: boolean
  #cancelRetry: (() => void) | null = null
  #inForce: Snapshot | null
  #since: string | null
  #waiting: { snapshot: Snapshot; changes: string[] } | null = null
  #problems: PolicyProblem[] = []

  constructor(options: SnapshotsOptions) {
    this.#options = options
    this.#readings = createReadings(options)
    this.#compile = createCompiler(options.sha256, this.#readings.read)
    const restored = restoreSnapshot(options.db, this.#compile)
    this.#inForce = restored.snapshot
    this.#since = restored.since
    this.#lost = restored.lost
    const starting = restored.snapshot === null && !restored.lost
    this.#startsItself = starting && writeStarter(options.folder, options.starter)
    this.#stopWatching = watchFolders([options.folder, options.managedFolder], options.clock, () => this.reload())
    this.#load()
    if (this.#inForce) this.#readings.keep(this.#inForce.files)
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
      access: this.#inForce ? describeAccesses(this.#inForce.access) : [],
      problems: this.#problems,
      waiting: this.#waiting && { hash: this.#waiting.snapshot.hash, changes: this.#waiting.changes },
    }
  }

  /** The rule files as they lie in their folders now, those that can be read. */
  files(): PolicyFileView[] {
    const { sha256 } = this.#options
    return this.#read().files.map((file) => ({ ...file, hash: sha256(file.text) }))
  }

  /** The policy that is meant, compiled. Throws `CallError` NOT_FOUND. */
  find(source: PolicySource): FoundPolicy {
    const { db, sha256, schemas } = this.#options
    // Not with the compiler that remembers: what is in force must stay what it has at hand.
    const compile = createCompiler(sha256)
    const past = (hash: string) => (hash === this.#inForce?.hash ? this.#inForce : pastSnapshot(db, hash, compile))
    return findPolicy(source, {
      inForce: () => this.#inForce,
      read: () => this.#read(),
      past,
      compile: (files) => compile(files, schemas),
    })
  }

  /** The rules of a policy that was in force at some time; none when it is not on record any more. */
  rulesOf(hash: string): RuleView[] {
    if (hash === this.#inForce?.hash) return describeRules(this.#inForce.rules)
    return describeRules(pastSnapshot(this.#options.db, hash, createCompiler(this.#options.sha256))?.rules ?? [])
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
    this.#load()
    const after = this.view()
    if (!same(before, after)) this.#options.onChange(after)
  }

  /** What `reload` does, without telling: nobody can look at us yet while we are created. */
  #load(): void {
    const before = this.view()
    this.#problems = []
    this.#waiting = null
    const content = this.#read()
    const { snapshot, problems, warnings } = this.#compile(content.files, this.#options.schemas)
    for (const warning of warnings) this.#options.log.warn('a rule is allowed but unwise', warning)
    const failed = snapshot ? runTests(snapshot).problems : []
    this.#problems = [...content.problems, ...problems, ...failed]
    if (this.#problems.length === 0 && snapshot && snapshot.hash !== this.#inForce?.hash) this.#follow(snapshot)
    this.#tell(before, this.view())
  }

  close(): void {
    this.#cancelRetry?.()
    this.#stopWatching()
  }

  #read(): FolderContent {
    const { folder, managedFolder } = this.#options
    const [local, org] = [readFolder(folder, 'local'), readFolder(managedFolder, 'org')]
    const problems = [...local.problems, ...org.problems]
    if (problems.length === 0 && !holdsRules(local.files)) problems.push(folderProblem(folder, noFiles))
    return { files: [...local.files, ...org.files], problems }
  }

  #follow(next: Snapshot): void {
    const { loosens, tightens } = compareSnapshots(this.#inForce, next)
    if (this.#lost && !this.#inForce) loosens.push('the policy that was in force before cannot be read any more')
    const changes = [...loosens.map((each) => `loosens: ${each}`), ...tightens.map((each) => `tightens: ${each}`)]
    if (loosens.length > 0) {
      this.#waiting = { snapshot: next, changes }
      return
    }
    try {
      this.#putInForce(next, changes, null)
    } catch (error) {
      this.#options.log.error('the policy could not be put on record', { error: String(error) })
      this.#problems = [folderProblem(this.#options.folder, notOnRecord)]
      // The files will not change again by themselves, and what tightens must not wait for that.
      this.#cancelRetry?.()
      this.#cancelRetry = this.#options.clock.after(retryMs, () => this.reload())
    }
  }

  /** Records come first: a policy that is not on record would be another one after a restart. */
  #putInForce(next: Snapshot, changes: string[], reviewer: string | null): void {
    const { db, clock, log, onEvent, user } = this.#options
    const in_force_at = new Date(clock.now()).toISOString()
    const author = !this.#inForce && this.#startsItself ? 'toolgate' : user
    const said = intentOf(db, next.hash)
    const what = brief(changes).join('; ') || (this.#inForce ? 'decides every call as before' : 'first policy')
    const reason = said === null ? what : `${said} (${what})`
    const told = said === null ? {} : { reason: said }
    onEvent('policy.in_force', { hash: next.hash, author, reviewer, ...told, changes: brief(changes) })
    const row = { hash: next.hash, files: JSON.stringify(next.files), author, reviewer, reason, in_force_at }
    const id = appendSnapshot(db, row)
    if (said !== null) dropIntent(db, next.hash)
    this.#options.onInForce?.(id, next)
    this.#inForce = next
    this.#since = in_force_at
    this.#readings.keep(next.files)
    log.info('policy in force', { hash: next.hash, rules: next.rules.length, reviewer })
  }

  /** Says what is new, and says it once. */
  #tell(before: PolicyView, after: PolicyView): void {
    const { log } = this.#options
    const [first] = after.problems
    if (first && !same(before.problems, after.problems)) {
      const where = `${first.file}:${first.line}:${first.column}: ${first.message}`
      log.error('the policy files have problems, so what was in force stays', {
        problems: after.problems.length,
        where,
      })
      this.#record('policy.broken', { problems: after.problems.length, first: where, in_force: after.snapshot })
    }
    if (after.waiting && !same(before.waiting, after.waiting)) {
      const news = { hash: after.waiting.hash, changes: brief(after.waiting.changes), in_force: after.snapshot }
      log.warn('a policy change loosens something and waits for a person', news)
      this.#record('policy.waiting', news)
    }
  }

  /** News that change nothing must not stop the gateway when they cannot be recorded; calls stop then by themselves. */
  #record(event: string, detail: Record<string, unknown>): void {
    try {
      this.#options.onEvent(event, detail)
    } catch (error) {
      this.#options.log.error('an event could not be recorded', { event, error: String(error) })
    }
  }
}

const retryMs = 2000
const mostRecorded = 50

/** For records, which a huge policy file must not blow up; the person who confirms sees every change. */
function brief(changes: readonly string[]): string[] {
  const more = changes.length - mostRecorded
  return more > 0 ? [...changes.slice(0, mostRecorded), `and ${more} more`] : [...changes]
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

const notOnRecord = {
  message: 'the policy could not be put on record, so it is not in force',
  expected: 'a database that can be written',
  suggestion: 'free disk space or fix permissions of the profile folder; see `toolgate doctor`',
}
