// The notes server inside of a program that does not want to end: it ignores the end of its input and every polite signal, and
// has descendants that do so too. Only while the file STUBBORN exists when it starts, so that reviewing it takes no time.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const beside = (name) => fileURLToPath(new URL(name, import.meta.url))
const stubborn = existsSync(process.env.STUBBORN ?? '')

if (stubborn) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {})
  setInterval(() => {}, 1000)
  spawn(process.execPath, [beside('stubborn-server.mjs'), '--family', '2'], { stdio: ['pipe', 'pipe', 'inherit'] })
}
const notes = spawn(process.execPath, [beside('notes-server.mjs')], { stdio: 'inherit' })
notes.on('exit', (code) => stubborn || process.exit(code ?? 1))
