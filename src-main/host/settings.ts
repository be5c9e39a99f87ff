import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Settings } from '../../shared/settings.ts'
import type { Paths } from '../core/ports.ts'
import { UnfitHost } from './unfit-host.ts'

/** The settings of a profile, defaults where it has none. Throws UnfitHost that names the file and what is wrong in it. */
export function readSettings(paths: Paths): Settings {
  return settingsIn(paths.settings) ?? Settings.parse({})
}

/**
 * The same while they are followed. Throws UnfitHost also where the file is gone: many programs remove a file to write it anew, and
 * nobody who does that asks for the defaults, which would end for good whatever came by the public origin.
 */
export function readSettingsAgain(paths: Paths): Settings {
  const settings = settingsIn(paths.settings)
  if (settings) return settings
  throw new UnfitHost(
    `\`${paths.settings}\` is gone: put it back, or write \`{}\` into it to use the defaults`,
    'put the file back',
  )
}

/** What a file says; null: there is none. */
function settingsIn(file: string): Settings | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    return Settings.parse(JSON.parse(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new UnfitHost(`\`${file}\` cannot be used: ${why}`, 'mend the file, or remove it to use the defaults')
  }
}
