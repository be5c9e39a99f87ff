// Runs one step of `npm test` and keeps its output in order: our last line must stay the last.
import { spawn } from 'node:child_process'

/** How long a finished step's leftovers (a child that kept our pipe open) may delay the next one. */
const drainMs = 2000

/** No step takes so long unless it hangs; then it must fail, not wait for whoever runs the tests to give up. */
const limitMs = 40 * 60_000

/**
 * Runs a command on Node 24 without stdin. `stream`: show its output as it comes; otherwise only when it failed.
 * Resolves with its exit code, or the signal's name, when it has ended, even if something that it started has not.
 * @param {import('../lib.mjs').Ready} ready
 * @param {string[]} args
 * @param {{ stream?: boolean, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number | string }>}
 */
export function runStep(ready, args, options = {}) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...ready.env, ...options.env }
  if (process.stdout.isTTY) env.FORCE_COLOR ??= '1'
  // A profile of the person who runs the tests is none of the tests' business.
  delete env.TOOLGATE_PROFILE
  const child = spawn(ready.node, args, { cwd: ready.root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  /** @type {Buffer[]} */
  const kept = []
  const take = (/** @type {Buffer} */ chunk) => {
    if (options.stream) process.stdout.write(chunk)
    else kept.push(chunk)
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  return new Promise((resolve) => {
    const end = (/** @type {number | string} */ code) => {
      child.stdout.destroy()
      child.stderr.destroy()
      if (code !== 0) process.stdout.write(Buffer.concat(kept))
      resolve({ code })
    }
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.on('error', (error) => end(error.message))
    child.on('exit', (code, signal) => {
      clearTimeout(limit)
      const result = code ?? signal ?? 'unknown'
      const leftover = setTimeout(() => {
        process.stdout.write('(something that this step started still runs and holds its output)\n')
        end(result)
      }, drainMs)
      child.on('close', () => {
        clearTimeout(leftover)
        end(result)
      })
    })
  })
}
