// Stands for the gateway: takes the profile that it is given, listens on its socket with the real listener, and gives
// every client back its own bytes. Adds its process id to the profile's file `starts`, its environment to `environment`;
// says `up` when it is, and `link` for every client.
// `--refuse`: knows no key.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listen } from '../../src-main/core/gateway/link.ts'
import { systemClock } from '../../src-main/host/clock.ts'
import { socketPath } from '../../src-main/shim/profile.ts'

const [profile = '', option] = process.argv.slice(2)
const note = (message: string, fields?: object): void => console.error(message, fields ?? '')
appendFileSync(join(profile, 'starts'), `${process.pid}\n`)
writeFileSync(join(profile, 'environment'), JSON.stringify({ env: process.env, cwd: process.cwd() }))
mkdirSync(join(profile, 'run'), { recursive: true, mode: 0o700 })

await listen({
  paths: { run: join(profile, 'run'), socket: socketPath(profile) },
  secretOf: (key) => (option === '--refuse' ? null : readFileSync(join(profile, 'keys', key))),
  log: { info: note, warn: note, error: note },
  clock: systemClock,
  onControl: (link) => link.destroy(),
  onShim(link) {
    console.log('link')
    link.onData((chunk) => {
      if (!link.write(chunk)) link.pause()
    })
    link.onDrain(() => link.resume())
    link.onEnd(() => link.end())
  },
})
console.log('up')
