/** The value below which the share `q` (0–1) of the values lies, between two values by their distance; NaN for none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort()
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** A figure as it is reported: the median of its repeats, and the least and the most of them. */
export type Spread = { median: number; min: number; max: number }

/** Sums up the repeats of one figure. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), min: quantile(values, 0), max: quantile(values, 1) }
}

/** The median alone. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
