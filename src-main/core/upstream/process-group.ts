import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const pollMs = 20
/** Every how many polls the dead are told from the living, which takes a look at every process. */
const lookEvery = 5

/**
 * Ends every process of a group: TERM, after `graceMs` KILL. Resolves with true once none is left, and with false when some are
 * there even 5 s after KILL (they belong to another user, or hang in the kernel). A group that was seen empty is never
 * signalled again, since its id may by then be a stranger's.
 */
export async function endGroup(group: number, graceMs: number): Promise<boolean> {
  if (process.platform === 'win32') return endTree(group)
  if (!signal(group, 'SIGTERM')) return true
  if (await groupGone(group, graceMs)) return true
  if (!signal(group, 'SIGKILL')) return true
  return groupGone(group, 5000)
}

/** Waits until no process of the group is left, at most `ms`; says whether that happened. */
export async function groupGone(group: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms
  for (let round = 1; signal(group, 0); round++) {
    if (round % lookEvery === 0 && onlyDead(group)) return true
    if (performance.now() >= deadline) return false
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  return true
}

/** Sends a signal to the whole group, 0 to only look; false when no process of it is left. */
export function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(process.platform === 'win32' ? group : -group, name)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ESRCH') return false
    // EPERM: it is there, and not ours to signal.
    if (code === 'EPERM') return true
    throw error
  }
}

/**
 * Whether all that is left of a group are processes that have ended and wait for their parent to notice. In a container
 * whose first process never does, they stay for ever, and count as there for `kill`.
 */
function onlyDead(group: number): boolean {
  if (process.platform !== 'linux') return false
  return readdirSync('/proc').every((name) => {
    if (!/^\d+$/.test(name)) return true
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const [state = '', , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return Number(itsGroup) !== group || 'ZX'.includes(state)
    } catch {
      // It ended meanwhile.
      return true
    }
  })
}

/** Windows: the process and its descendants, as far as their parents still live. */
function endTree(pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('taskkill', ['/T', '/F', '/PID', String(pid)], (error) => resolve(error === null || !signal(pid, 0)))
  })
}
