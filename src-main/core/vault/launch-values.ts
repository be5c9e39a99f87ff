import { ToolgateError } from '../../../shared/errors.ts'
import type { LaunchSpec } from '../../../shared/server.ts'
import type { Vault } from './vault.ts'

const sealedValue = /^sealed:([0-9a-f]{64})$/

/** Keeps the values of headers and of environments in the vault, and in what is registered only marks that stand for them. */
export type LaunchValues = ReturnType<typeof createLaunchValues>

/** Seals and opens what servers are registered with; the vault holds each value under its mark. */
export function createLaunchValues(vault: Vault) {
  function sealed(value: string): string {
    const mark = vault.mark(value)
    vault.set(entry(mark), Buffer.from(value))
    return `sealed:${mark}`
  }

  function opened(text: string): string {
    const mark = sealedValue.exec(text)?.[1]
    const value = mark === undefined ? null : vault.get(entry(mark))
    if (!value) throw new ToolgateError('VAULT_UNREADABLE')
    return value.toString('utf8')
  }

  return {
    /** The launch with a mark in place of each value: equal values give equal marks. Throws VAULT_UNREADABLE. */
    seal: (launch: LaunchSpec): LaunchSpec => withValues(launch, sealed),

    /** The launch as a person gave it. Throws VAULT_UNREADABLE when a value is not there. */
    open: (launch: LaunchSpec): LaunchSpec => withValues(launch, opened),

    /** Forgets the values of a launch that none of `others` uses. */
    forget(launch: LaunchSpec, others: Iterable<LaunchSpec>): void {
      const used = new Set([...others].flatMap((other) => Object.values(valuesOf(other))))
      for (const text of Object.values(valuesOf(launch))) {
        const mark = sealedValue.exec(text)?.[1]
        if (mark !== undefined && !used.has(text)) vault.delete(entry(mark))
      }
    },
  }
}

function entry(mark: string): string {
  return `value/${mark}`
}

function valuesOf(launch: LaunchSpec): Record<string, string> {
  return launch.transport === 'http' ? launch.headers : launch.env
}

function withValues(launch: LaunchSpec, change: (value: string) => string): LaunchSpec {
  const changed = Object.fromEntries(Object.entries(valuesOf(launch)).map(([name, value]) => [name, change(value)]))
  return launch.transport === 'http' ? { ...launch, headers: changed } : { ...launch, env: changed }
}
