import { realpathSync } from 'node:fs'
import { ToolgateError } from '../../../../shared/errors.ts'

/** Where a path leads; null for one that is not there. */
export function realOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

/**
 * The folders that are there. Throws ToolgateError SERVER_START_FAILED for one that is reached by a link: whoever may write the
 * link would choose what the server may reach.
 */
export function sureFolders(folders: readonly string[]): string[] {
  return folders.filter((folder) => {
    const real = realOf(folder)
    if (real === null || real === folder) return real !== null
    throw new ToolgateError(
      'SERVER_START_FAILED',
      `the rules bound it to \`${folder}\`, which leads elsewhere by a link: name the place itself, \`${real}\``,
    )
  })
}
