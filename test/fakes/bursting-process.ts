import { systemClock } from '../../src-main/host/clock.ts'
import { giveMemoryBack, limitHeap } from '../../src-main/host/heap.ts'

// A process that needs much memory for a moment, and then nothing: says its RSS (MiB) at that moment, then again and again.
const log = { info: () => {}, warn: () => {}, error: () => {} }
const mebibytes = () => Math.round(process.memoryUsage.rss() / 1024 / 1024)

limitHeap()
let needed: unknown[] = []
for (let index = 0; index < 1_500_000; index++) needed.push({ index, of: [index] })
console.log(mebibytes())
needed = []
giveMemoryBack(systemClock, log)
setInterval(() => console.log(mebibytes()), 100)
process.stdin.once('end', () => process.exit(0)).resume()
