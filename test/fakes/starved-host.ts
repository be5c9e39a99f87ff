// Stands for a gateway that has run out of file descriptors when its watchdog dies. Tells the process group that it has
// watched, what the log hears, and the watchdog that is there once descriptors are free again.
import { closeSync, openSync, writeSync } from 'node:fs'
import { startReaper } from '../../src-main/core/upstream/reaper.ts'

const tell = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`)
const files: number[] = []
const log = {
  info: () => {},
  warn: () => {},
  error: (message: string) => {
    for (const file of files.splice(0)) closeSync(file)
    tell({ error: message })
  },
}
const reaper = startReaper(log)
const first = reaper.pid as number
reaper.add(Number(process.argv[2]))
try {
  for (;;) files.push(openSync('/dev/null', 'r'))
} catch {
  process.kill(first, 'SIGKILL')
}
setInterval(() => {
  if (reaper.pid !== null && reaper.pid !== first) tell({ reaper: reaper.pid })
}, 50)
