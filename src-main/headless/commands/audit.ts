import { closeSync, existsSync, openSync, writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { askedText, isAskedByServer } from '../../../shared/asked-words.ts'
import type { CallEntry, StoredEntry } from '../../../shared/audit.ts'
import { printable, printableLines } from '../../../shared/printable.ts'
import type { Log } from '../../core/ports.ts'
import { checkRecords, openRecords, type Records } from '../../core/read-profile.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../cli-error.ts'
import { count, when } from '../format.ts'

const pollMs = 300

/** Options of `toolgate audit tail`; `number` is how many records are shown at first. */
export type TailOptions = { number: number; follow?: boolean; call?: string }

/** `toolgate audit tail`: the latest records, and with `--follow` those that come, until Ctrl-C. */
export async function tail(cli: Cli, { number, follow, call }: TailOptions): Promise<undefined> {
  const records = recordsOf(cli)
  try {
    const show = (entry: StoredEntry) => cli.result(entry, () => [entryLine(entry)])
    const latest = number === 0 ? [] : records.latest(number, call)
    if (latest.length === 0 && call !== undefined && !follow) {
      throw new CliError('NOT_FOUND', `no record of a call \`${call}\``, 'see `toolgate audit tail`')
    }
    latest.forEach(show)
    let last = records.latest(1).at(-1)?.seq ?? 0
    while (follow) {
      const fresh = records.after(last)
      last = fresh.at(-1)?.seq ?? last
      for (const entry of fresh) if (call === undefined || callOf(entry) === call) show(entry)
      await pause(pollMs)
    }
  } finally {
    records.close()
  }
}

/** `toolgate audit verify`: exit 1 when a record cannot be trusted. */
export async function verify(cli: Cli): Promise<number> {
  needRecords(cli)
  const { report, text } = checkRecords(cli.paths, cli.secrets)
  cli.result(report, () => printableLines(text))
  return report.ok ? 0 : 1
}

/** `toolgate audit export`: the whole log, to standard output or a new file that only this user can read. */
export async function exportAudit(cli: Cli, out?: string): Promise<undefined> {
  if (out !== undefined && existsSync(out))
    throw usageError(`\`${out}\` exists already`, 'name a file that does not exist')
  const records = recordsOf(cli)
  try {
    const lines = writeLines(records.exported(), out)
    if (out === undefined) return
    cli.result({ file: out, lines }, () => [`wrote ${count(lines, 'line')} to ${printable(out)}`])
  } finally {
    records.close()
  }
}

/** Gives how many lines were written. */
function writeLines(lines: Iterable<string>, out: string | undefined): number {
  const fd = out === undefined ? 1 : openNew(out)
  let written = 0
  try {
    for (const line of lines) {
      writeAll(fd, `${line}\n`)
      written += 1
    }
  } catch (error) {
    // A reader that has seen enough, as `head` does, is no failure.
    if (out !== undefined || (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  } finally {
    if (out !== undefined) closeSync(fd)
  }
  return written
}

function openNew(file: string): number {
  try {
    return openSync(file, 'wx', 0o600)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw usageError(`\`${file}\` cannot be written (${why})`, 'name a new file in a folder that you may write to')
  }
}

/** Writes synchronously, also to a pipe whose reader is slow. */
function writeAll(fd: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

function needRecords(cli: Cli): void {
  if (existsSync(cli.paths.database)) return
  throw new CliError(
    'NOT_FOUND',
    `there are no records in \`${cli.paths.profile}\` yet`,
    'start a gateway with `toolgate serve`',
  )
}

function recordsOf(cli: Cli): Records {
  needRecords(cli)
  const warn: Log['error'] = (message, fields) => cli.say(`${message} ${JSON.stringify(fields ?? {})}`)
  return openRecords(cli.paths.database, { info: () => {}, warn, error: warn })
}

function callOf(entry: StoredEntry): string | null {
  return entry.kind === 'call' ? entry.call_id : null
}

/** One record as one line; what it leaves out, `--json` shows. */
function entryLine(entry: StoredEntry): string {
  const head = `${when(entry.timestamp)}  ${String(entry.seq).padStart(5)}`
  if (entry.kind === 'event') return `${head}  ${printable(entry.event)} ${printable(JSON.stringify(entry.detail))}`
  const what = [
    entry.state,
    entry.state === 'decided' ? entry.policy_decision : (entry.answer ?? entry.outcome),
    entry.reason_code,
    entry.rule_ids?.length ? `by ${entry.rule_ids.join(', ')}` : undefined,
    boundsText(entry),
    entry.risk_score === undefined ? undefined : `risk ${entry.risk_score}`,
    entry.latency_ms === undefined ? undefined : `${Math.round(entry.latency_ms)} ms`,
  ]
  const asked = askedText(entry.call_kind ?? 'tool', entry.tool_name)
  const [from, to] = isAskedByServer(entry.call_kind ?? 'tool')
    ? [entry.tool_server, `${entry.agent_name}: ${asked}`]
    : [entry.agent_name, `${entry.tool_server} › ${asked}`]
  const who = `${from} → ${to}`
  return `${head}  ${printable(who)}: ${printable(what.filter((part) => part !== undefined).join(' · '))}  ${printable(entry.call_id)}`
}

/** What bounds did beyond being kept; `--json` shows all of them. */
function boundsText({ constraint_results = [] }: CallEntry): string | undefined {
  const done = constraint_results.filter(({ result }) => result !== 'held')
  return done.length === 0 ? undefined : done.map(({ bound, result }) => `${bound} ${result}`).join(', ')
}
