// A server that tells, in one JSON line, what it was started with: arguments, folder, environment, session.
import { readFileSync } from 'node:fs'

const stat = readFileSync('/proc/self/stat', 'latin1').replace(/\(.*\)/, 'name')
const [, , , , group, session] = stat.split(' ').map(Number)
const { pid, env } = process
console.log(JSON.stringify({ pid, group, session, args: process.argv.slice(2), cwd: process.cwd(), env }))
process.stdin.resume()
