import type { Log, Secrets } from '../ports.ts'
import { createLaunchValues, type LaunchValues } from './launch-values.ts'
import { createVault, type Vault } from './vault.ts'

/** The vault of a profile in `folder`, and what is kept in it for launches; nothing is read before it is needed. */
export function openVault(place: { folder: string; secrets: Secrets; log: Log }): {
  vault: Vault
  values: LaunchValues
} {
  const vault = createVault(place)
  return { vault, values: createLaunchValues(vault) }
}
