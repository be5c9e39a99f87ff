// Answers: is any of the tests that somebody chose one that drives a browser. Then one may have to be fetched first.
import { execFile } from 'node:child_process'

/**
 * Asks vitest, which knows what its options choose; when it does not say, the answer is yes.
 * @param {import('../lib.mjs').Ready} ready
 * @param {string[]} chosen paths and options of vitest; none means all
 * @returns {Promise<boolean>}
 */
export function needsBrowser(ready, chosen) {
  if (chosen.length === 0) return Promise.resolve(true)
  const args = ['node_modules/vitest/vitest.mjs', 'list', '--filesOnly', '--project', 'browser', ...chosen]
  return new Promise((resolve) => {
    execFile(ready.node, args, { cwd: ready.root, env: ready.env }, (error, stdout) => {
      resolve(error !== null || /^\[browser\] /m.test(stdout))
    })
  })
}
