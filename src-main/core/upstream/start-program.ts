import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program by its file, with all that it is given. No shell reads any of it. */
export type Command = { file: string; args: readonly string[]; cwd: string; env: Record<string, string> }

/**
 * Starts a program in a session and process group of its own, its three streams piped. `born` is called as soon as there is a
 * process, and before it is the program; when it throws, the program is never run. Rejects when it cannot be run.
 */
export type StartProgram = (
  command: Command,
  born: (child: ChildProcess) => void,
) => Promise<ChildProcessWithoutNullStreams>

/**
 * What a program is born as, see `startProgram`: it waits for a line, then becomes the program. No text of anybody's
 * is read as shell here, the program and its arguments are positional parameters. The program finds PWD set, to its folder.
 */
const gate = ['-c', 'read -r TOOLGATE_GATE && exec "$@"', 'sh']

/** A shell drops variables whose names it cannot hold; programs that have such ones start without the gate. */
function isGated(env: Record<string, string>): boolean {
  return process.platform !== 'win32' && Object.keys(env).every((name) => /^[A-Za-z_]\w*$/.test(name))
}

/**
 * Between a process's birth and its registration with the reaper, a `kill -9` of the gateway would leave it behind. So the
 * child is born as a shell that waits for a line; the group is registered; then the line is sent and the shell becomes the
 * program (`exec`: same process, same id). If the gateway dies before that, the shell reads the end of its input and ends.
 */
export const startProgram: StartProgram = async ({ file, args, cwd, env }, born) => {
  const gated = isGated(env)
  const [program, words] = gated ? ['/bin/sh', [...gate, file, ...args]] : [file, args]
  const child = spawn(program, words, {
    ...{ cwd, env, windowsHide: true, stdio: 'pipe' as const },
    detached: process.platform !== 'win32',
  })
  // Without an id the process is not there, and an error is on its way.
  if (child.pid === undefined) await once(child, 'spawn')
  else born(child)
  if (gated) child.stdin.write('\n')
  return child
}
