// Stands for the gateway: takes the profile that it is given, listens on its socket with the real listener, and gives
// every client back its own bytes. Adds its process id to the profile's file `starts`, and says `up` when it is.
// `--ends-first N`: closes a link by itself after N bytes. `--refuse`: knows no key.
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listen } from '../../src-main/core/gateway/link.ts'
import { systemClock } from '../../src-main/headless/ports/clock.ts'
import { socketPath } from '../../src-main/shim/profile.ts'

const [profile = '', option, count] = process.argv.slice(2)
const note = (message: string, fields?: object): void => console.error(message, fields ?? '')
appendFileSync(join(profile, 'starts'), `${process.pid}\n`)
mkdirSync(join(profile, 'run'), { recursive: true, mode: 0o700 })

await listen({
  paths: { run: join(profile, 'run'), socket: socketPath(profile) },
  secretOf: (key) => (option === '--refuse' ? null : readFileSync(join(profile, 'keys', key))),
  log: { info: note, warn: note, error: note },
  clock: systemClock,
  onControl: (link) => link.destroy(),
  onShim(link) {
    let seen = 0
    link.onData((chunk) => {
      seen += chunk.length
      if (!link.write(chunk)) link.pause()
      if (option === '--ends-first' && seen >= Number(count)) link.end()
    })
    link.onDrain(() => link.resume())
    link.onEnd(() => link.end())
  },
})
console.log('up')
