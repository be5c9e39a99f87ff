// What every script of this folder begins with. Plain Node 18 or newer and nothing to install, so that a fresh clone works.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, isBuilt } from './setup/build.mjs'
import { SetupError } from './setup/error.mjs'
import { install, isInstalled } from './setup/install.mjs'
import { withLock } from './setup/lock.mjs'
import { findNode, nodeEnvironment } from './setup/node.mjs'

/** The checkout that this script lies in. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @typedef {{ root: string, node: string, env: NodeJS.ProcessEnv }} Ready */

/**
 * Installs the packages and builds out/ where that is needed, quietly when nothing is; safe when several run at once.
 * Gives the Node to run with and an environment in which `node` means it. Throws `SetupError` with what to do.
 * @param {{ build: boolean, root?: string }} wanted
 * @returns {Promise<Ready>}
 */
export async function ensureReady(wanted) {
  const at = wanted.root ?? root
  if (Number(process.versions.node.split('.')[0]) < 18) {
    throw new SetupError(`this is Node ${process.version}, which is too old to begin with`, 'install Node 24')
  }
  const isReady = () => isInstalled(at) && (!wanted.build || isBuilt(at))
  if (!isReady()) {
    await withLock(join(at, '.setup.lock'), async () => {
      if (!isInstalled(at)) await install(at)
      if (wanted.build && !isBuilt(at)) await build(at, findNode(at))
    })
  }
  const node = findNode(at)
  return { root: at, node, env: nodeEnvironment(node) }
}

/**
 * Runs a program on `ready.node` in the foreground: it has the terminal, gets every signal once, and its end is our end.
 * `onFailure` hears after how many seconds it ended otherwise than well, unless it was told to end.
 * @param {Ready} ready
 * @param {string[]} args
 * @param {{ cwd?: string, onFailure?: (seconds: number) => void }} [options]
 */
export function runForeground(ready, args, { cwd = process.cwd(), onFailure } = {}) {
  const child = spawn(ready.node, args, { cwd, env: ready.env, stdio: 'inherit' })
  const began = performance.now()
  let told = false
  // A terminal sends Ctrl-C and its own end to the whole process group, the child included; passing them on would double them.
  const fromTerminal = process.stdin.isTTY === true
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) {
    process.on(signal, () => {
      told = true
      if (signal === 'SIGTERM' || !fromTerminal) child.kill(signal)
    })
  }
  child.on('error', (error) => fail(error))
  child.on('exit', (code, signal) => {
    if (code !== 0 && !told) onFailure?.((performance.now() - began) / 1000)
    if (signal === null) {
      process.exitCode = code ?? 1
      return
    }
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/**
 * Says what went wrong and what to do, and makes this process end as failed.
 * @param {unknown} error
 */
export function fail(error) {
  const known = error instanceof SetupError
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  if (known) process.stderr.write(`what to do: ${error.hint}\n`)
  process.exitCode = 1
}
