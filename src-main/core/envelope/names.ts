import type { Kind } from '../../../shared/traffic.ts'

/** How deep percent signs are followed: `%2561` is `a` after two readings. */
const maxReadings = 3

/**
 * Every spelling of the name of what is asked for, the one that was sent first. A URI has several: as sent, as a parser of
 * addresses writes it (`file:///a/../b`), and with its percent signs read; which one a server acts on nobody knows.
 */
export function namesOf(kind: Kind, name: string): string[] {
  if (kind !== 'resource' && kind !== 'completion') return [name]
  const found = new Set([name])
  for (let reading: string | null = name, n = 0; reading !== null && n < maxReadings; reading = decoded(reading), n++) {
    found.add(reading)
    const parsed = URL.parse(reading)
    if (parsed) found.add(parsed.href)
  }
  return [...found]
}

function decoded(text: string): string | null {
  if (!text.includes('%')) return null
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
