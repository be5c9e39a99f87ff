// The least that keeps the promise about records, beside which governed calls can be seen without what they decide and scan:
// a relay that notes each request before it goes on, and each answer before it goes back, and has the first on the disk
// before that. Arguments: the file of its records, then the server's command line.
import { spawn } from 'node:child_process'
import { eachLine } from '../each-line.ts'
import { openSafeRecord } from './safe-record.ts'

const [file = '', command = process.execPath, ...args] = process.argv.slice(2)
const note = openSafeRecord(file)
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })

eachLine(process.stdin, (line) => {
  const message = JSON.stringify(JSON.parse(line))
  note('intent', message)
  server.stdin.write(`${message}\n`)
})
eachLine(server.stdout, (line) => {
  const message = JSON.stringify(JSON.parse(line))
  note('outcome', message.slice(0, 200), () => process.stdout.write(`${message}\n`))
})
process.stdin.on('end', () => server.stdin.end())
server.on('exit', (code) => process.exit(code ?? 1))
