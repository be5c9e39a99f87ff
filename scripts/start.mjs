// `npm start`: makes the checkout ready, then runs Toolgate in the foreground until it is told to end: the desktop app where
// Electron can run, else the gateway alone (`toolgate serve`), whose page opens in a browser.
// `npm start -- --headless` runs the gateway alone, `-- --electron` insists on the desktop app; all else goes to the host.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureReady, fail, runForeground } from './lib.mjs'
import { desktopEntry, findHost, readArguments } from './setup/find-host.mjs'

// npm moves to the repository's folder; a relative `--profile` means the folder in which the person typed it.
const typedIn = process.env.npm_lifecycle_event === 'start' ? process.env.INIT_CWD : undefined

/** A desktop app that ends so soon has not been used. */
const earlySec = 10

/** @param {number} seconds how long it ran */
function saySo(seconds) {
  if (seconds > earlySec) return
  process.stderr.write(
    'the desktop app ended right after its start, see above; `npm start -- --headless` does without it\n',
  )
}

try {
  const { wanted, rest } = readArguments(process.argv.slice(2))
  const ready = await ensureReady({ build: true })
  const electron = await findHost(ready, wanted)
  const cwd = typedIn ?? process.cwd()
  if (electron === null) {
    // Told even where its output is piped: whoever types `npm start` wants to see the app.
    const allocator = JSON.parse(readFileSync(join(ready.root, 'src-main', 'shim', 'allocator.json'), 'utf8'))
    const host = { ...ready, env: { ...ready.env, ...allocator } }
    runForeground(host, [join(ready.root, 'out', 'toolgate.js'), 'serve', '--link', ...rest], { cwd })
  } else {
    // Some terminals of editors set it; then Electron would be no more than a Node.
    const { ELECTRON_RUN_AS_NODE: _, ...env } = ready.env
    const host = { ...ready, env, node: electron }
    runForeground(host, [desktopEntry(ready.root), ...rest], { cwd, onFailure: saySo })
  }
} catch (error) {
  fail(error)
}
