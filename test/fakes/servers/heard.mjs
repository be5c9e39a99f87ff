// Runs another server and writes down which calls it hears: what stands in `RUNS`, a JSON list of words; in the file `HEARD`, one line per
// `tools/call`, its arguments.
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const { RUNS, HEARD, ...env } = process.env
const [command, ...args] = JSON.parse(RUNS)
const server = spawn(command, args, { env, stdio: ['pipe', 'inherit', 'inherit'] })
server.on('exit', (code) => process.exit(code ?? 1))
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { method, params } = JSON.parse(line)
    if (method === 'tools/call') appendFileSync(HEARD, `${JSON.stringify(params.arguments)}\n`)
    server.stdin.write(`${line}\n`)
  })
  .on('close', () => server.stdin.end())
