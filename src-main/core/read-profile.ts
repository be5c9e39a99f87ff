import { hash } from 'node:crypto'
import { z } from 'zod'
import type { AuditReport, StoredEntry } from '../../shared/audit.ts'
import { CallSketch, type PolicyTestResult } from '../../shared/policy-tools.ts'
import type { PolicyProblem } from '../../shared/policy-view.ts'
import { exportJsonl } from './audit/export.ts'
import { journalFile, readJournal } from './audit/journal.ts'
import { readTail } from './audit/read-entries.ts'
import { describeReport } from './audit/report-text.ts'
import { verifyProfile } from './audit/verify-database.ts'
import { compileSnapshot } from './policy/snapshot.ts'
import { runTests } from './policy/tests/run-tests.ts'
import { readYaml } from './policy/yaml-source.ts'
import type { Log, Paths, Secrets } from './ports.ts'
import { readFolder } from './snapshots/read-folder.ts'
import { auditReader, auditTable, openToRead } from './store/audit-table.ts'

/** The audit records of a profile, only read: whether its gateway runs or not makes no difference. */
export type Records = {
  /** The newest records, oldest of them first. */
  latest: (limit: number, callId?: string) => StoredEntry[]
  /** Records with a greater number, in order, as far as they can be read. */
  after: (seq: number) => StoredEntry[]
  /** The whole log as JSON lines, to be verified elsewhere. */
  exported: () => Iterable<string>
  close: () => void
}

/** Opens the records of a database file; throws when it is missing, damaged or holds none. `log` hears of unreadable records. */
export function openRecords(file: string, log: Log): Records {
  const db = openToRead(file)
  // Read before the database each time: what leaves the journal is in the database by then.
  const ahead = () => readJournal(journalFile(file))
  return {
    latest: (limit, callId) =>
      readTail(auditTable(db, ahead()), callId === undefined ? { limit } : { limit, callId }, log).toReversed(),
    after: (seq) =>
      [...auditReader(db, ahead()).after(seq)].flatMap(({ body }) => {
        try {
          return [JSON.parse(body?.toString() ?? '') as StoredEntry]
        } catch {
          log.error('an audit record cannot be read; see `toolgate audit verify`', { after: seq })
          return []
        }
      }),
    exported: () => exportJsonl(auditReader(db, ahead())),
    close: () => db.close(),
  }
}

/** Verifies the records of a profile with all that lies beside them; `text` says the result to people, untrusted as the records. */
export function checkRecords(paths: Paths, secrets: Secrets): { report: AuditReport; text: string } {
  const report = verifyProfile(paths, secrets)
  return { report, text: describeReport(report) }
}

/** What checking policy files says; they could be put into force when there are no problems. */
export type PolicyCheck = {
  files: string[]
  rules: number
  tests: PolicyTestResult[]
  problems: PolicyProblem[]
  warnings: PolicyProblem[]
}

/** Checks policy files as a gateway would before putting them into force together. */
export function checkPolicy(files: readonly { path: string; text: string }[]): PolicyCheck {
  const sources = files.map((file) => ({ ...file, origin: 'local' as const }))
  const { snapshot, problems, warnings } = compileSnapshot(sources, (text) => hash('sha256', text))
  const { tests, problems: failed } = snapshot ? runTests(snapshot) : { tests: [], problems: [] }
  return {
    ...{ files: files.map(({ path }) => path), rules: snapshot?.rules.length ?? 0, tests },
    ...{ problems: [...problems, ...failed], warnings },
  }
}

/** Checks the rule files of a policy folder, and whether they can be trusted, as a gateway would. */
export function checkPolicyFolder(folder: string): PolicyCheck {
  const { files, problems } = readFolder(folder, 'local')
  const check = checkPolicy(files)
  return { ...check, problems: [...problems, ...check.problems] }
}

/** A call that somebody describes in YAML or JSON, or what is wrong with the description. */
export function readSketch(text: string): { sketch: CallSketch } | { problem: string } {
  const { source, findings } = readYaml(text)
  if (!source) return { problem: findings[0]?.message ?? 'it is not YAML' }
  const sketch = CallSketch.safeParse(source.value)
  return sketch.success ? { sketch: sketch.data } : { problem: z.prettifyError(sketch.error).replaceAll('\n', ' ') }
}

/** The rule files of any folder, as a gateway would read them, and why some of them cannot be trusted. */
export function readRuleFolder(folder: string): { files: { path: string; text: string }[]; problems: PolicyProblem[] } {
  const { files, problems } = readFolder(folder, 'local')
  return { files: files.map(({ path, text }) => ({ path, text })), problems }
}
