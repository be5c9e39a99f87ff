const restart = { firstMs: 250, mostMs: 8_000 }
const retry = { firstMs: 5_000, mostMs: 300_000 }
const resend = { firstMs: 1_000, mostMs: 300_000 }

/**
 * How long a server that ended `ends` times lately (1 or more) stays ended before it is started again, in ms: twice as long each
 * time. `chance` in [0, 1) spreads it, so that what ended together does not start together.
 */
export function restartDelay(ends: number, chance: number): number {
  return spread(restart, ends - 1, chance)
}

/** How long a server that keeps ending is not tried again, in ms, after `tries` (0 or more) that failed too. */
export function retryDelay(tries: number, chance: number): number {
  return spread(retry, tries, chance)
}

/** How long records wait for a collector that took none, in ms, after `tries` (0 or more) that failed too. */
export function resendDelay(tries: number, chance: number): number {
  return spread(resend, tries, chance)
}

/** Between half of it and all of it. */
function spread({ firstMs, mostMs }: { firstMs: number; mostMs: number }, doublings: number, chance: number): number {
  return Math.round(Math.min(firstMs * 2 ** Math.min(doublings, 30), mostMs) * (0.5 + chance / 2))
}
