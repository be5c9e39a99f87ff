import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { basename, delimiter, isAbsolute } from 'node:path'
import type { Readable } from 'node:stream'

/** Shells that take `-i -l -c`, and print what the words below say. */
const known = ['bash', 'dash', 'fish', 'ksh', 'sh', 'zsh']

/** What is read of a shell whose files print much. */
const mostBytes = 256 * 1024

/** Who is asked, and for how long at most. */
export type LoginPathOptions = { shell: string | null; home: string; name: string; path: string; timeoutMs: number }

/** The person of this process, as the system knows them. */
export function thisPerson(path: string): LoginPathOptions {
  const { shell, homedir, username } = userInfo()
  return { shell, home: homedir, name: username, path, timeoutMs: 3_000 }
}

/**
 * The PATH that a person has in their terminals: an app that is started from a dock or menu gets the system's, in which `npx`,
 * `uvx` or a Node of their own is not found. Their login shell is asked, by the system's word for it and with fixed words; what
 * its files print besides is passed over. Null when there is none, or it does not say in time.
 */
export async function loginPath({ shell, home, name, path, timeoutMs }: LoginPathOptions): Promise<string | null> {
  if (!shell || !isAbsolute(shell) || !known.includes(basename(shell))) return null
  const mark = randomUUID()
  const words = `printf '%s' '${mark}'; /usr/bin/env printenv PATH; printf '%s' '${mark}'`
  const env = { HOME: home, USER: name, LOGNAME: name, SHELL: shell, PATH: path, TERM: 'dumb' }
  // Of its own session: it has no terminal to ask anything on, and is ended with all that it started when it takes too long.
  const child = spawn(shell, ['-i', '-l', '-c', words], {
    ...{ env, cwd: home, detached: true },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const said = await answerOf(child, mark, timeoutMs)
  const folders = (said ?? '').trim().split(delimiter).filter(isAbsolute)
  return folders.length > 0 ? folders.join(delimiter) : null
}

/** What stands between two marks; null when they do not come in time. What the person's files left running is theirs. */
function answerOf(child: ChildProcessByStdio<null, Readable, null>, mark: string, timeoutMs: number) {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const late = setTimeout(() => {
    endGroup(child.pid)
    resolve(null)
  }, timeoutMs)
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const [, answer, after] = said.split(mark)
    if (after !== undefined) resolve(answer ?? null)
    else if (said.length > mostBytes) endGroup(child.pid)
  })
  child.once('error', () => resolve(null))
  child.once('close', () => resolve(null))
  return promise.finally(() => {
    clearTimeout(late)
    child.stdout.destroy()
    child.unref()
  })
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // All of it has ended.
  }
}
