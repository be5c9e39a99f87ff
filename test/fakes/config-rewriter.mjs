/**
 * A client that keeps rewriting its configuration: reads it, counts up, writes it back, in place or by renaming, at random moments.
 * Arguments: the file, how often, a seed. Says what it wrote last.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

const [, , file = '', times = '0', seed = '1'] = process.argv
let state = Number(seed)
const random = () => {
  state = (state * 48_271) % 2_147_483_647
  return state / 2_147_483_647
}
for (let count = 1; count <= Number(times); count++) {
  const config = JSON.parse(readFileSync(file, 'utf8'))
  config.count = count
  const text = JSON.stringify(config, null, 2)
  if (random() < 0.5) writeFileSync(file, text)
  else {
    writeFileSync(`${file}.tmp`, text)
    renameSync(`${file}.tmp`, file)
  }
  if (random() < 0.7) await setTimeout(random() * 3)
}
process.stdout.write(`${times}\n`)
