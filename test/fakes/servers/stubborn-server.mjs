// A server that ignores the end of its input and every polite signal. `--family N`: has N descendants of the same kind.
// Tells the ids of all of them in one line, as a JSON array, once all of them are stubborn.
import { spawn } from 'node:child_process'

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {})
setInterval(() => {}, 1000)
process.stdin.resume()

const size = process.argv[2] === '--family' ? Number(process.argv[3]) : 0
const tell = (pids) => process.stdout.write(`${JSON.stringify(pids)}\n`)
if (size === 0) {
  tell([process.pid])
} else {
  const child = spawn(process.execPath, [process.argv[1], '--family', String(size - 1)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
    if (text.endsWith('\n')) tell([process.pid, ...JSON.parse(text)])
  })
}
