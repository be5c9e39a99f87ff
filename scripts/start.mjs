// `npm start`: makes the checkout ready, then runs the gateway in the foreground until it is told to end.
// Arguments after `--` go to `toolgate serve`; `--headless` names the only host there is, so it changes nothing.
import { join } from 'node:path'
import { ensureReady, fail, runForeground } from './lib.mjs'

const args = process.argv.slice(2).filter((arg) => arg !== '--headless')

// npm moves to the repository's folder; a relative `--profile` means the folder in which the person typed it.
const typedIn = process.env.npm_lifecycle_event === 'start' ? process.env.INIT_CWD : undefined

try {
  const ready = await ensureReady({ build: true })
  runForeground(ready, [join(ready.root, 'out', 'toolgate.js'), 'serve', ...args], typedIn ?? process.cwd())
} catch (error) {
  fail(error)
}
