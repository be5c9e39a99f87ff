// `npm run demo`: makes the checkout ready, then tells the demo in this terminal.
// `npm run demo -- --pause` lets you answer the waiting call yourself; `-- --keep` leaves the folder behind.
import { join } from 'node:path'
import { ensureReady, fail, runForeground } from './lib.mjs'

try {
  const ready = await ensureReady({ build: true })
  runForeground(ready, [join(ready.root, 'scripts', 'demo', 'main.ts'), ...process.argv.slice(2)])
} catch (error) {
  fail(error)
}
