import { readFileSync } from 'node:fs'
import { CallError } from '../../../shared/call-errors.ts'
import { Settings } from '../../../shared/settings.ts'
import { replaceFile } from '../private-file.ts'

/**
 * Writes quiet hours, or that there are none, into the file of settings, which is then followed as when a person changes it; all else in
 * it stays. Throws `CallError` BAD_INPUT where the file cannot be used as it is: it is not for this to mend it.
 */
export function setQuietHours(file: string, hours: string | null): void {
  const { quiet_hours: _before, ...rest } = settingsIn(file)
  const next = hours === null ? rest : { ...rest, quiet_hours: hours }
  replaceFile(file, `${JSON.stringify(next, null, 2)}\n`)
}

function settingsIn(file: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  try {
    const settings = JSON.parse(text) as Record<string, unknown>
    Settings.parse(settings)
    return settings
  } catch {
    throw new CallError('BAD_INPUT', `the settings in \`${file}\` have a mistake`, 'mend that file first')
  }
}
