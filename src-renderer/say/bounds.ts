/** The bounds under which a call runs, one sentence part each, as they follow “it”. */
export function boundWords(constraints: Readonly<Record<string, number | readonly string[]>>): string[] {
  return Object.entries(constraints).map(([name, bound]) => {
    if (name === 'max_runtime_sec' && typeof bound === 'number') return `is cancelled after ${duration(bound)}`
    if (name === 'max_retries' && typeof bound === 'number') {
      if (bound === 0) return 'is never repeated by itself'
      return `is repeated at most ${bound === 1 ? 'once' : `${bound} times`} when it fails`
    }
    if (name === 'network_allowlist' && typeof bound !== 'number') {
      return bound.length === 0 ? 'may reach no host' : `may reach only ${bound.join(', ')}`
    }
    return `is bounded by ${name}: ${typeof bound === 'number' ? bound : bound.join(', ')}`
  })
}

function duration(seconds: number): string {
  if (seconds < 120 || seconds % 60 !== 0) return `${seconds} s`
  return `${seconds / 60} min`
}
