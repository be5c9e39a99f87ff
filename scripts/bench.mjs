// `npm run bench`: makes the checkout ready, then measures what governing costs. Arguments after `--` go to bench/main.ts.
import { join } from 'node:path'
import { ensureReady, fail, runForeground } from './lib.mjs'

try {
  const ready = await ensureReady({ build: true })
  runForeground(ready, [join(ready.root, 'bench', 'main.ts'), ...process.argv.slice(2)])
} catch (error) {
  fail(error)
}
