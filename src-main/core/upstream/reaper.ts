import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { ToolgateError } from '../../../shared/errors.ts'
import type { Log } from '../ports.ts'

/**
 * What runs when the gateway cannot: a shell, idle in `read` until its standard input ends, which happens however the
 * gateway dies. It only ever reads `+ <group>` and `- <group>`, decimal, above 1 (0 and 1 would mean "my own group" and
 * "everybody" to kill). On the end of its input every group left gets TERM, and KILL after two seconds.
 */
const script = `
trap '' HUP INT QUIT TERM PIPE
groups=' '
while read -r op group; do
  case $group in ''|0*|1|*[!0-9]*) continue ;; esac
  case $op in
    +) groups="$groups$group " ;;
    -) kept=' '; for g in $groups; do [ "$g" = "$group" ] || kept="$kept$g "; done; groups=$kept ;;
  esac
done
left() { for g in $groups; do kill -0 "-$g" && return 0; done; return 1; }
for g in $groups; do kill -TERM "-$g"; done
rounds=0
while left && [ $rounds -lt 20 ]; do sleep 0.1; rounds=$((rounds + 1)); done
for g in $groups; do kill -KILL "-$g"; done
`

/** The watchdog that outlives a killed gateway. */
export type Reaper = {
  /** Process id of the watchdog, for diagnosis; null where there is none. */
  readonly pid: number | null
  /** Has this process group killed when the gateway dies. Throws ToolgateError SERVER_START_FAILED when nobody watches. */
  add: (group: number) => void
  /** To be called once no process of the group is left: its id may then be given to a stranger. */
  remove: (group: number) => void
  /** Kills what is still registered and ends the watchdog. */
  close: () => Promise<void>
}

/**
 * One watchdog for all server processes of a gateway, so that not even `kill -9` of the gateway leaves one behind. It has
 * a session of its own, holds no files of the gateway's, and is started again with the same list when it dies.
 *
 * Not covered: a server's descendant that leaves its process group (setsid); it survives, as it would survive its client.
 * Windows has no process groups to signal: there servers are ended at a normal end (`taskkill /T`), and one whose
 * gateway was killed ends when it notices the end of its input. A job object would cover it, and needs native code.
 */
export function startReaper(log: Log): Reaper {
  if (process.platform === 'win32') return { pid: null, add: () => {}, remove: () => {}, close: async () => {} }
  const groups = new Set<number>()
  let closing = false
  let watchdog = launch()

  function launch(): ChildProcess {
    const started = performance.now()
    const child = spawn('/bin/sh', ['-c', script], {
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    child.unref()
    // EPIPE when it was killed: `exit` tells. Without any free file descriptor there is no pipe at all: `error` tells.
    child.stdin?.on('error', () => {})
    child.on('error', (error) => {
      log.error('the watchdog of server processes cannot start', { error: error.message })
      if (groups.size > 0) setTimeout(revive, 1000).unref()
    })
    child.on('exit', (code, signal) => {
      if (closing) return
      log.warn('the watchdog of server processes died and is started again', { code, signal })
      // One that dies at once must not keep this process busy with starting it.
      if (performance.now() - started > 1000) revive()
      else setTimeout(revive, 1000).unref()
    })
    for (const group of groups) child.stdin?.write(`+ ${group}\n`)
    return child
  }

  function revive(): void {
    if (!closing && !lives(watchdog)) watchdog = launch()
  }

  return {
    get pid() {
      return watchdog.pid ?? null
    },
    add(group) {
      if (!Number.isSafeInteger(group) || group <= 1) throw new RangeError(`${group} is no process group to watch`)
      revive()
      if (!lives(watchdog)) throw new ToolgateError('SERVER_START_FAILED', 'the watchdog `/bin/sh` cannot be run')
      groups.add(group)
      // A pipe takes this at once: when `write` is back, the watchdog will read it, whatever happens to this process.
      watchdog.stdin?.write(`+ ${group}\n`)
    },
    remove(group) {
      if (groups.delete(group)) watchdog.stdin?.write(`- ${group}\n`)
    },
    async close() {
      closing = true
      if (!lives(watchdog)) return
      const gone = once(watchdog, 'exit')
      watchdog.ref()
      watchdog.stdin?.end()
      await gone
    },
  }
}

function lives(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}
