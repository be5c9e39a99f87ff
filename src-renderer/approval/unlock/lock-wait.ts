const unitMs = { s: 1_000, min: 60_000, h: 3_600_000 } as const

/** Milliseconds for which a PIN is locked, as a refusal tells it (`locked for 30 s`, `try again in 2 min`); 0 when it is not. */
export function lockWaitMs(message: string): number {
  const [, number, unit] = /(?:locked for|try again in) (\d{1,6}) (s|min|h)\b/.exec(message) ?? []
  if (number === undefined || unit === undefined) return 0
  return Number(number) * unitMs[unit as keyof typeof unitMs]
}
