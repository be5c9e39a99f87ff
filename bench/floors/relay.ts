// What governed calls are held against: the least that a proxy which understands its messages must do. It starts the server
// given as arguments, reads each line as JSON and writes it on, and decides, scans and records nothing.
import { spawn } from 'node:child_process'
import { eachLine } from '../each-line.ts'

const [command = process.execPath, ...args] = process.argv.slice(2)
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
eachLine(process.stdin, (line) => server.stdin.write(`${JSON.stringify(JSON.parse(line))}\n`))
eachLine(server.stdout, (line) => process.stdout.write(`${JSON.stringify(JSON.parse(line))}\n`))
process.stdin.on('end', () => server.stdin.end())
server.on('exit', (code) => process.exit(code ?? 1))
