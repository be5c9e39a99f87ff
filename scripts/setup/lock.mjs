// Lets one process at a time change the checkout: `npm start` and `npm test` in two terminals must not both install.
import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'

const pollMs = 200
/** A holder renews its lock this often, and is taken for dead after `staleMs` without a sign. */
const renewMs = 2000
const staleMs = 30_000

/**
 * Runs `work` while holding the lock file, after waiting for whoever holds it. A lock left by a killed process is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  const mine = `${process.pid} ${randomUUID()}`
  for (let waited = 0; !take(file, mine); waited += pollMs) {
    if (breakStale(file)) continue
    if (waited === 0) process.stderr.write('another command is preparing this checkout, waiting for it …\n')
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  const renew = setInterval(() => renewLock(file), renewMs)
  try {
    return await work()
  } finally {
    clearInterval(renew)
    if (holds(file, mine)) rmSync(file, { force: true })
  }
}

/** @param {string} file */
function renewLock(file) {
  try {
    utimesSync(file, new Date(), new Date())
  } catch {
    // After a sleep another command may have taken it for dead and removed it; the work goes on without it.
  }
}

/**
 * Whether the lock is still the one that was taken here.
 * @param {string} file
 * @param {string} mine
 */
function holds(file, mine) {
  try {
    return readFileSync(file, 'utf8') === mine
  } catch {
    return false
  }
}

/**
 * @param {string} file
 * @param {string} mine
 */
function take(file, mine) {
  try {
    writeFileSync(file, mine, { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Takes a dead holder's lock away. Renaming is atomic: of several that try, one moves the file and the others find none.
 * @param {string} file
 */
function breakStale(file) {
  try {
    if (isHeld(file)) return false
    const aside = `${file}.${randomUUID()}`
    renameSync(file, aside)
    // Somebody may have broken it and locked anew between the look and the move: then give it back.
    if (isHeld(aside)) renameSync(aside, file)
    else rmSync(aside, { force: true })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return true
    throw error
  }
}

/** @param {string} file */
function isHeld(file) {
  const age = Date.now() - statSync(file).mtimeMs
  if (age > staleMs) return false
  const pid = Number(readFileSync(file, 'utf8').split(' ')[0])
  // Between creating and writing the file is empty for an instant: then its age decides.
  if (!pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
