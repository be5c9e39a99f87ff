import { randomFillSync } from 'node:crypto'

const drawnAtOnce = 4096
let pool = Buffer.alloc(0)
let used = 0

/**
 * Random bytes from the system's generator, each given out once. Drawn many at a time, since asking costs more than the bytes;
 * what was given out is wiped here, so that a salt lies nowhere but where it is kept. At most 4,096 at once.
 */
export function drawBytes(count: number): Buffer {
  if (used + count > pool.length) {
    pool = randomFillSync(pool.length === 0 ? Buffer.alloc(drawnAtOnce) : pool)
    used = 0
  }
  const drawn = Buffer.from(pool.subarray(used, used + count))
  pool.fill(0, used, used + count)
  used += count
  return drawn
}
