#!/usr/bin/env node
// Plain JavaScript that any Node can read: finds a Node that can run Toolgate, then the build.
// `connect` goes straight to the shim, which is one small file and runs on Node 20 too.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const shim = join(here, '..', 'out', 'shim.js')
const program = join(here, '..', 'out', 'toolgate.js')
const words = process.argv.slice(2)
const connect = words[0] === 'connect' && !words.includes('--help') && !words.includes('-h')

/** Node-API that the database module needs; see https://nodejs.org/api/n-api.html#node-api-version-matrix */
const neededApi = 10

if (!existsSync(connect ? shim : program)) {
  leave('Toolgate is not built: `out/` is missing; run `npm run build`')
} else if (connect) {
  process.argv.splice(1, 2, shim)
  await import(pathToFileURL(shim).href)
} else if (Number(process.versions.napi) >= neededApi) {
  process.argv[1] = program
  await import(pathToFileURL(program).href)
} else {
  runWith(bundledNode())
}

function leave(message) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

/** The Node that was installed beside Toolgate; null when there is none for this system. */
function bundledNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = here; ; folder = dirname(folder)) {
    const node = join(folder, 'node_modules', name, 'bin', file)
    if (existsSync(node)) return node
    if (folder === dirname(folder)) return null
  }
}

/** Runs the build with another Node, as if it were this process: same terminal, same signals, same exit code. */
function runWith(node) {
  if (node === null) {
    leave(`Toolgate needs Node 24 or newer; this is ${process.version} at ${process.execPath}`)
    return
  }
  const child = spawn(node, [program, ...words], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both; what is sent to this process alone is passed on.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => leave(`${node} cannot be run: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code
    else {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
  })
}
