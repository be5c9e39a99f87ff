import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Settings } from '../../shared/settings.ts'
import type { Paths } from '../core/ports.ts'
import { UnfitHost } from './unfit-host.ts'

/** The settings of a profile, defaults where it has none. Throws UnfitHost that names the file and what is wrong in it. */
export function readSettings(paths: Paths): Settings {
  let text: string
  try {
    text = readFileSync(paths.settings, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Settings.parse({})
    throw error
  }
  try {
    return Settings.parse(JSON.parse(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new UnfitHost(
      `\`${paths.settings}\` cannot be used: ${why}`,
      'mend the file, or remove it to use the defaults',
    )
  }
}
