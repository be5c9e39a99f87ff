// Answers: is there a binary of Electron, can one be fetched, and fetches it. The package alone brings none.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startProgress } from './progress.mjs'

/** @typedef {import('./choose-host.mjs').Source} Source */
/** @typedef {{ root: string, node: string, env: NodeJS.ProcessEnv }} Ready */

/** Finding out whether a binary can be fetched must not take longer. */
const lookMs = 5000
/** A download of which nothing comes for so long has stalled. */
const stallMs = 60_000
const pollMs = 250

const sourceProgram = fileURLToPath(new URL('./electron-source.mjs', import.meta.url))

/**
 * The binary where electron itself looks for it, when it is there. `place`: the folder that a person named instead.
 * @param {string} root repository folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ binary: string | null, place: string | null }}
 */
export function findElectron(root, env) {
  const folder = join(root, 'node_modules', 'electron')
  const file = read(join(folder, 'path.txt')) ?? platformFile()
  const place = env.ELECTRON_OVERRIDE_DIST_PATH || null
  if (place !== null) {
    const named = join(place, file)
    return { binary: existsSync(named) ? named : null, place }
  }
  const binary = join(folder, 'dist', file)
  const wanted = JSON.parse(read(join(folder, 'package.json')) ?? '{}').version
  const fits =
    read(join(folder, 'dist', 'version'))
      ?.trim()
      .replace(/^v/, '') === wanted
  return { binary: fits && existsSync(binary) ? binary : null, place }
}

/**
 * Whether a binary can be fetched, found out within `limitMs`.
 * @param {Ready} ready
 * @param {number} [limitMs]
 * @returns {Promise<Source>}
 */
export function lookForSource(ready, limitMs = lookMs) {
  const child = spawn(ready.node, [sourceProgram, ready.root], {
    cwd: ready.root,
    env: fetchEnvironment(ready.env),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let host = 'its host'
  return new Promise((resolve) => {
    const end = (/** @type {Source} */ source) => {
      clearTimeout(limit)
      child.kill('SIGKILL')
      resolve(source)
    }
    const limit = setTimeout(
      () => end({ ok: false, why: `${host} did not answer within ${limitMs / 1000} s`, slow: true }),
      limitMs,
    )
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line)
      if (said.host) host = `\`${said.host}\``
      else end(said.ok ? { ok: true, bytes: said.bytes } : { ok: false, why: said.why, slow: false })
    })
    child.on('error', (error) => end({ ok: false, why: error.message, slow: false }))
    child.on('close', () => end({ ok: false, why: 'its downloader gives no answer', slow: false }))
  })
}

/**
 * Runs electron's own `install.js`, which checks what it gets, and shows how far it is. Gives why it failed, or null.
 * @param {Ready} ready
 * @param {number | null} bytes size of the download, when known
 * @param {number} [patienceMs] how long nothing may come
 * @returns {Promise<string | null>}
 */
export async function fetchElectron(ready, bytes, patienceMs = stallMs) {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-electron-'))
  const progress = startProgress('fetching Electron')
  const tidy = () => rmSync(folder, { recursive: true, force: true })
  const child = spawn(ready.node, [join(ready.root, 'node_modules', 'electron', 'install.js')], {
    cwd: ready.root,
    // Its archive grows in the folder for temporary files: one of our own shows how far it is.
    env: { ...fetchEnvironment(ready.env), TMPDIR: folder, TEMP: folder, TMP: folder, ELECTRON_GET_NO_PROGRESS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const interrupted = () => {
    child.kill('SIGKILL')
    tidy()
    process.exit(130)
  }
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.once(signal, interrupted)
  try {
    const note = (/** @type {number} */ got) => progress.note(megabytes(got, bytes))
    const trouble = await watch(
      child,
      () => [folder, join(ready.root, 'node_modules', 'electron', 'dist')],
      note,
      patienceMs,
    )
    const missing = trouble === null && findElectron(ready.root, {}).binary === null
    const why = missing ? 'its installer ended well, but left no binary' : trouble
    progress.end(why === null ? 'done' : 'failed')
    return why
  } finally {
    for (const signal of signals) process.off(signal, interrupted)
    tidy()
  }
}

/**
 * Waits for the installer's end. Gives what went wrong, in its words or because nothing came for too long.
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => string[]} folders where what it gets shows
 * @param {(bytes: number) => void} note
 * @param {number} patienceMs
 * @returns {Promise<string | null>}
 */
function watch(child, folders, note, patienceMs) {
  let text = ''
  const take = (/** @type {Buffer} */ chunk) => {
    text += chunk.toString()
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  let [seen, seenAt] = ['', Date.now()]
  let stalled = false
  const look = setInterval(() => {
    const sizes = folders().map(sizeOf)
    if (sizes.join() !== seen) [seen, seenAt] = [sizes.join(), Date.now()]
    note(sizes[0] ?? 0)
    if (Date.now() - seenAt < patienceMs) return
    stalled = true
    child.kill('SIGKILL')
  }, pollMs)
  return new Promise((resolve) => {
    const end = (/** @type {string | null} */ why) => {
      clearInterval(look)
      resolve(stalled ? `nothing came for ${patienceMs / 1000} s` : why)
    }
    child.on('error', (error) => end(error.message))
    child.on('close', (code) => end(code === 0 ? null : firstTrouble(text)))
  })
}

/**
 * The first error of an installer's output, without what may stand before the host of an address.
 * @param {string} text
 */
function firstTrouble(text) {
  const line = /^\s*(?:Uncaught )?\w*Error: (.+)$/m.exec(text)?.[1] ?? text.trim().split('\n').at(-1)
  return (line || 'its installer failed without a word').replace(/\/\/[^/@\s]+@/g, '//')
}

/**
 * Programs that use `fetch` leave proxies alone unless told otherwise; npm, which has brought us here, does not.
 * @param {NodeJS.ProcessEnv} env
 */
function fetchEnvironment(env) {
  const proxied = Object.entries(env).some(([name, value]) => /^https?_proxy$/i.test(name) && value)
  return proxied ? { NODE_USE_ENV_PROXY: '1', ...env } : env
}

/** @param {string} root */
const failureFile = (root) => join(root, 'node_modules', '.toolgate-electron')

/**
 * The last fetch that failed, or null.
 * @param {string} root repository folder
 * @returns {{ at: number, why: string } | null}
 */
export function readFailure(root) {
  try {
    const { at, why } = JSON.parse(read(failureFile(root)) ?? '{}')
    return typeof at === 'number' && typeof why === 'string' ? { at, why } : null
  } catch {
    // Half written: then it says nothing, and the next failure writes it anew.
    return null
  }
}

/**
 * Remembers a fetch that failed; null forgets it.
 * @param {string} root repository folder
 * @param {{ at: number, why: string } | null} failure
 */
export function writeFailure(root, failure) {
  if (failure === null) rmSync(failureFile(root), { force: true })
  else writeFileSync(failureFile(root), `${JSON.stringify(failure)}\n`)
}

/**
 * @param {number} got
 * @param {number | null} all
 */
function megabytes(got, all) {
  const whole = (/** @type {number} */ bytes) => Math.round(bytes / 1e6)
  if (got === 0) return ''
  return all ? `${whole(got)} of ${whole(all)} MB` : `${whole(got)} MB`
}

/**
 * Bytes of all files below a folder; 0 when there is none.
 * @param {string} folder
 * @returns {number}
 */
function sizeOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .map((entry) =>
        entry.isDirectory() ? sizeOf(join(folder, entry.name)) : statSync(join(folder, entry.name)).size,
      )
      .reduce((sum, size) => sum + size, 0)
  } catch {
    // Files come and go while it works.
    return 0
  }
}

function platformFile() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null
    throw error
  }
}
