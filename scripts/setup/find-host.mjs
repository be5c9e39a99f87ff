// Answers: what `npm start` runs here. Looks around, then lets `choose-host.mjs` decide and does what it asks for.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chooseHost, costTime } from './choose-host.mjs'
import { fetchElectron, findElectron, lookForSource, readFailure, writeFailure } from './electron.mjs'
import { SetupError } from './error.mjs'
import { withLock } from './lock.mjs'

/** @typedef {import('./choose-host.mjs').Facts} Facts */
/** @typedef {import('./electron.mjs').Ready} Ready */

/**
 * Which host was asked for, and the arguments that go to it. Throws `SetupError` when both were.
 * @param {string[]} args
 * @returns {{ wanted: Facts['wanted'], rest: string[] }}
 */
export function readArguments(args) {
  const named = ['headless', 'electron'].filter((name) => args.includes(`--${name}`))
  if (named.length > 1)
    throw new SetupError('`--headless` and `--electron` exclude each other', 'leave one of them out')
  const wanted = /** @type {Facts['wanted']} */ (named[0] ?? 'best')
  return { wanted, rest: args.filter((arg) => arg !== `--${wanted}`) }
}

/**
 * The binary of Electron to run the desktop app with, fetched if need be; null for the headless host. Throws `SetupError`
 * when the desktop app was asked for and cannot run.
 * @param {Ready} ready
 * @param {Facts['wanted']} wanted
 * @returns {Promise<string | null>}
 */
export async function findHost(ready, wanted) {
  let facts = lookAround(ready, wanted)
  for (;;) {
    const step = chooseHost(facts)
    switch (step.do) {
      case 'electron':
        return step.binary
      case 'headless':
        if (costTime(facts)) remember(ready.root, facts)
        if (step.note !== null) process.stderr.write(`${step.note}\n`)
        return null
      case 'refuse':
        throw new SetupError(step.message, step.hint)
      case 'look':
        facts = { ...facts, source: await lookForSource(ready) }
        break
      case 'fetch':
        facts = await withLock(join(ready.root, '.setup.lock'), () => fetchOnce(ready, facts, step.bytes))
    }
  }
}

/**
 * @param {Ready} ready
 * @param {Facts['wanted']} wanted
 * @returns {Facts}
 */
function lookAround({ root, env }, wanted) {
  const onLinux = process.platform === 'linux'
  return {
    wanted,
    desktopBuild: existsSync(desktopEntry(root)),
    screen: !onLinux || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY),
    // Electron's own switch: who sets it has decided to do without.
    sandbox: !onLinux || process.getuid?.() !== 0 || Boolean(env.ELECTRON_DISABLE_SANDBOX),
    ...findElectron(root, env),
    now: Date.now(),
    lastFailure: readFailure(root),
    source: null,
    fetched: null,
  }
}

/**
 * Fetches, unless another command has done so while we waited for it.
 * @param {Ready} ready
 * @param {Facts} facts
 * @param {number | null} bytes
 * @returns {Promise<Facts>}
 */
async function fetchOnce(ready, facts, bytes) {
  const { binary } = findElectron(ready.root, ready.env)
  if (binary !== null) return { ...facts, binary }
  const why = await fetchElectron(ready, bytes)
  if (why !== null) return { ...facts, fetched: { ok: false, why } }
  writeFailure(ready.root, null)
  return { ...facts, binary: findElectron(ready.root, ready.env).binary }
}

/**
 * @param {string} root
 * @param {Facts} facts
 */
function remember(root, { fetched, source, now }) {
  const why = fetched?.why ?? (source?.ok === false ? source.why : '')
  writeFailure(root, { at: now, why })
}

/**
 * What Electron runs.
 * @param {string} root repository folder
 */
export function desktopEntry(root) {
  return join(root, 'out', 'electron', 'main.js')
}
