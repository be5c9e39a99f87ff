const firstMs = 1_000

/** The longest time (ms) until listening to a server is taken up again. */
export const longestUnheardMs = 60_000

/** How long until listening to a server is taken up again, in ms, after `tries` (0 or more) in a row that broke off. */
export function relistenDelay(tries: number): number {
  return Math.min(firstMs * 2 ** tries, longestUnheardMs)
}
