// The least that a shim can be: it starts the program given as arguments and passes bytes, looking at nothing.
import { spawn } from 'node:child_process'

const [command = process.execPath, ...args] = process.argv.slice(2)
const program = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
process.stdin.pipe(program.stdin)
program.stdout.pipe(process.stdout)
program.on('exit', (code) => process.exit(code ?? 1))
