/** Why a PIN would be guessed too easily, or could not be typed again; null for one that will do. */
export function unfitPin(pin: string): string | null {
  const characters = [...pin.normalize('NFKC')]
  if (characters.length < 6) return 'it is shorter than 6 characters'
  if (characters.length > 128) return 'it is longer than 128 characters'
  if (/\p{Cc}/u.test(pin)) return 'it holds control characters'
  const codes = characters.map((character) => character.codePointAt(0) ?? 0)
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] ?? 0)))
  return steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 0) ? 'it is a simple series' : null
}
