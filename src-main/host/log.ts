import { appendFileSync, chmodSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Log } from '../core/ports.ts'

/** Size at which a log file is put aside, and how many are kept beside the current one. */
const sizeLimit = 5 * 1024 * 1024
const kept = 3

/**
 * The gateway's own log: one JSON object per line in `folder`/gateway.log, readable by this user only, put aside when it
 * grows. Callers pass names, codes, pids and sizes, never arguments, results, environments or secrets. A full disk must
 * not stop the gateway here (the audit record does that), so lines that cannot be written go to `fallback`.
 */
export function fileLog(folder: string, clock: Clock, fallback: (line: string) => void): Log {
  const file = join(folder, 'gateway.log')
  let size = sizeOf(file)

  function write(level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown> = {}): void {
    const line = `${JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...fields })}\n`
    try {
      if (size + line.length > sizeLimit) {
        rotate(file)
        size = 0
      }
      appendFileSync(file, line, { mode: 0o600 })
      size += line.length
    } catch {
      fallback(line)
    }
  }

  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  }
}

function rotate(file: string): void {
  rmSync(`${file}.${kept}`, { force: true })
  for (let index = kept - 1; index >= 1; index -= 1) moveIfThere(`${file}.${index}`, `${file}.${index + 1}`)
  moveIfThere(file, `${file}.1`)
}

function moveIfThere(from: string, to: string): void {
  if (sizeOf(from) >= 0) renameSync(from, to)
}

/** Size in bytes; -1 when there is no such file. */
function sizeOf(file: string): number {
  const facts = statSync(file, { throwIfNoEntry: false })
  if (facts && process.platform !== 'win32' && (facts.mode & 0o077) !== 0) chmodSync(file, 0o600)
  return facts?.size ?? -1
}
