/** Digits enough that a double may not hold the number; most text has none, and then plain parsing is exact. */
const suspicious = /\d{16}|\d[eE][+-]?\d/

type Source = { source?: string }

function held(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false
  if (/^-?\d+$/.test(source)) return BigInt(source) === BigInt(value)
  const digits = source
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
  return digits.length <= 15
}

/**
 * Parses JSON; a number that a double cannot hold becomes its exact text instead of being rounded (contracts.md, bindings).
 * Throws SyntaxError like `JSON.parse`.
 */
export function parseExact(text: string): unknown {
  if (!suspicious.test(text)) return JSON.parse(text)
  const revive = (_key: string, value: unknown, context: Source) =>
    typeof value === 'number' && context.source !== undefined && !held(value, context.source) ? context.source : value
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown)
}
