import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { AuditReport } from '../../shared/audit.ts'
import { readCheckpointFile } from '../core/audit/checkpoint-file.ts'
import { readHeadMark } from '../core/audit/head-mark.ts'
import { readKey, readKeys } from '../core/audit/key-file.ts'
import { describeReport } from '../core/audit/report-text.ts'
import type { Evidence } from '../core/audit/verify.ts'
import { verifyExport, verifyReceived } from '../core/audit/verify-export.ts'

const usage = `usage: verify-audit (--db FILE | --export FILE | --stream FILE) [options]

Checks an audit log of Toolgate and names the first record that cannot be trusted.

  --db FILE           a database, in use or copied (with its -wal and -ahead files, if there)
  --export FILE       a log exported with \`toolgate audit export\`
  --stream FILE       what a collector received of a stream, in whatever order its lines are kept
  --key KEY           public key, or a file with one a line: what signatures are checked with
  --checkpoints FILE  copies of the checkpoints that were kept outside the database
  --head FILE         the head mark, which tells whether the newest records are missing
  --json              the result as one JSON object

exit code: 0 intact, 1 broken, 2 wrong usage`

/** A mistake in how the program was called. */
class UsageError extends Error {}

/** Runs the program; gives its exit code. */
async function main(args: string[]): Promise<number> {
  try {
    const options = parse(args)
    if (options.help) return say(usage, 0)
    const report = await check(options)
    return say(options.json ? JSON.stringify(report) : describeReport(report), report.ok ? 0 : 1)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\n\n${usage}`)
    return 2
  }
}

function parse(args: string[]) {
  try {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean' } as const
    const options = {
      db: text,
      export: text,
      stream: text,
      key: text,
      checkpoints: text,
      head: text,
      json: flag,
      help: flag,
    }
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function check(options: ReturnType<typeof parse>): Promise<AuditReport> {
  const { db, export: exported, stream, key, checkpoints, head } = options
  if ([db, exported, stream].filter((file) => file !== undefined).length !== 1) {
    throw new UsageError('give one of --db, --export and --stream')
  }
  for (const file of [db, exported, stream, checkpoints, head]) {
    if (file !== undefined && !existsSync(file)) throw new UsageError(`there is no file \`${file}\``)
  }
  const given: Omit<Evidence, 'entries' | 'checkpoints'> = {
    keys: key === undefined ? null : keysFrom(key),
    mark: head === undefined ? null : readHeadMark(head, null),
    copies: checkpoints === undefined ? null : readCheckpointFile(checkpoints).notes,
    sealChecked: false,
  }
  if (exported !== undefined) return verifyExport(exported, given)
  if (stream !== undefined) return verifyReceived(stream, given)
  // Loaded only now, so that an export can be checked where SQLite's native module cannot be loaded.
  const { verifyDatabase } = await import('../core/audit/verify-database.ts')
  return verifyDatabase(db ?? '', given)
}

function keysFrom(key: string) {
  try {
    return existsSync(key) ? readKeys(key) : [readKey(key)]
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function say(text: string, code: number): number {
  console.log(text)
  return code
}

process.exitCode = await main(process.argv.slice(2))
