import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ToolgateError } from '../../../shared/errors.ts'
import type { Log, Secrets } from '../ports.ts'
import { readSealed, writeSealed } from './sealed-file.ts'

/** Name of the vault's key among the secrets of the host. */
const keyName = 'vault-key'
const suffix = '.sealed'

/**
 * Secrets that servers need: tokens, client secrets, values of headers and of environments. Each lies in a file of its own,
 * encrypted, under a name that says nothing. All throw VAULT_UNREADABLE when the key is gone or a file is not as it was written.
 */
export type Vault = {
  get: (name: string) => Buffer | null
  set: (name: string, value: Buffer) => void
  delete: (name: string) => void
  /** A keyed hash that stands for a value: the same for the same value, and without the key nobody can try values. */
  mark: (value: string) => string
}

type Keys = { seal: Buffer; name: Buffer; value: Buffer }

/** Opens the vault in `folder`; its key is made with the first secret, never a second time while there are sealed files. */
export function createVault({ folder, secrets, log }: { folder: string; secrets: Secrets; log: Log }): Vault {
  let known: Keys | null = null

  function keys(): Keys {
    known ??= derive(secrets.get(keyName) ?? firstKey())
    return known
  }

  function firstKey(): Buffer {
    // INVARIANT: a lost key is never replaced silently: what it sealed would look as if it had never been there.
    if (sealedFiles(folder).length > 0) throw new Error('its key is gone')
    const key = randomBytes(32)
    secrets.set(keyName, key)
    return key
  }

  function orUnreadable<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const why = (error as Error).message
      log.error('the vault cannot be used', { why })
      throw new ToolgateError('VAULT_UNREADABLE')
    }
  }

  const fileOf = (name: string) => join(folder, keyed(keys().name, name) + suffix)

  return {
    get: (name) => orUnreadable(() => readSealed(fileOf(name), name, keys().seal)),
    set: (name, value) =>
      orUnreadable(() => {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        writeSealed(fileOf(name), name, keys().seal, value)
      }),
    delete: (name) => orUnreadable(() => rmSync(fileOf(name), { force: true })),
    mark: (value) => orUnreadable(() => keyed(keys().value, value)),
  }
}

function derive(key: Buffer): Keys {
  if (key.length !== 32) throw new Error('its key is not 32 bytes')
  const part = (use: string) => Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `vault/${use}`, 32))
  return { seal: part('seal'), name: part('name'), value: part('value') }
}

function keyed(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex')
}

function sealedFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(suffix))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
