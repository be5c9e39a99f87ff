// Stands for a gateway that runs servers, so that tests can kill it: starts what its arguments say, each a JSON array
// [command, ...arguments], and tells every line of the servers as JSON {pid, line}, and the watchdog as {reaper}.
// `--die-before-registration`: is killed after a server was born and before anybody was told.
import { writeSync } from 'node:fs'
import { startServerProcess } from '../../src-main/core/upstream/process.ts'
import { startReaper } from '../../src-main/core/upstream/reaper.ts'

const args = process.argv.slice(2)
const dies = args[0] === '--die-before-registration'
const tell = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`)
const log = { info: () => {}, warn: () => {}, error: (message: string) => tell({ error: message }) }

const reaper = startReaper(log)
if (dies) {
  reaper.add = (pid) => {
    tell({ pid, line: '' })
    process.kill(process.pid, 'SIGKILL')
  }
}
tell({ reaper: reaper.pid })

for (const text of dies ? args.slice(1) : args) {
  const [command = '', ...rest] = JSON.parse(text) as string[]
  const server = await startServerProcess({
    launch: { transport: 'stdio' as const, command, args: rest, env: {}, cwd: '/' },
    path: process.env.PATH ?? '',
    governed: 'test',
    limit: 1 << 20,
    onLine: (line) => tell({ pid: server.pid, line: line.toString() }),
    onTooLong: () => {},
    onSkipped: () => {},
    onStderr: (line) => tell({ pid: server.pid, stderr: line }),
    onExit: (exit) => tell({ pid: server.pid, exit }),
    log,
    reaper,
  })
}
setInterval(() => {}, 1000)
