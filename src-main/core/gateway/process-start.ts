import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/**
 * When a process started, as a short opaque word: the same word means the same process, however often its id is reused.
 * null: no such process, or it has ended. `unknown`: it may be there, but this system does not say when it started.
 */
export function processStart(pid: number): string | null {
  if (process.platform === 'linux') return fromProc(pid)
  return process.platform === 'win32' ? fromSignal(pid) : fromPs(pid)
}

/** Whether there is such a process, also one that has ended and only waits for its parent. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function fromProc(pid: number): string | null {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
  // proc_pid_stat(5): the name may hold anything, so fields count from behind its last parenthesis; 3 is state, 22 is start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return null
  // Ticks count from boot, so the boot belongs to the word.
  return short(`${fields[19]} ${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')}`)
}

function fromPs(pid: number): string | null {
  try {
    const env = { LC_ALL: 'C', TZ: 'UTC' }
    const line = execFileSync('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'latin1', env }).trim()
    const [state = 'Z', ...start] = line.split(/\s+/)
    return state.startsWith('Z') ? null : short(start.join(' '))
  } catch (error) {
    // ps ends with 1 when there is no such process; when it cannot run, the process must count as there.
    return (error as { status?: number }).status === 1 ? null : 'unknown'
  }
}

function fromSignal(pid: number): string | null {
  try {
    process.kill(pid, 0)
    return 'unknown'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? null : 'unknown'
  }
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
