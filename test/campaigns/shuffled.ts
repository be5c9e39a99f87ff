/** Numbers in [0, 1) that are the same for the same seed (mulberry32), so that a failure can be repeated. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The items in an order that depends on the seed alone (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const next = random(seed)
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const at = Math.floor(next() * (last + 1))
    const [a, b] = [order[last] as T, order[at] as T]
    order[last] = b
    order[at] = a
  }
  return order
}
