import type { Secrets } from '../../src-main/core/ports.ts'

/** Secrets in memory; `entries` carries them over to another instance. */
export function fakeSecrets(entries: Iterable<[string, Buffer]> = []): Secrets & { entries: Map<string, Buffer> } {
  const kept = new Map(entries)
  return {
    entries: kept,
    get: (name) => {
      const value = kept.get(name)
      // A copy, as a real store gives one: nobody can change a secret by writing into what was read.
      return value ? Buffer.from(value) : null
    },
    set: (name, value) => void kept.set(name, Buffer.from(value)),
    delete: (name) => void kept.delete(name),
  }
}
