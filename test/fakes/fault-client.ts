// A client process of its own, to be killed: connects through a real shim, which it starts. Arguments: profile, server.
// Says {shim} once it is connected; takes lines [id, tool, arguments], and says {id, outcome, text} for each answer that it
// got. Ends when its connection ends; the end of its input makes it hang up.
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { connectClient } from './raw-client.ts'

const [profile = '', server = ''] = process.argv.slice(2)
const say = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`)

const client = connectClient(profile, server)
client.process.once('close', () => process.exit(0))
await client.initialize()

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const [id, tool, args] = JSON.parse(line) as [number, string, object]
    try {
      say({ id, ...(await client.call(tool, args)) })
    } catch {
      // The connection ended first: nothing was answered, and the process ends with it.
    }
  })
  .on('close', () => void client.close())

say({ shim: client.process.pid })
