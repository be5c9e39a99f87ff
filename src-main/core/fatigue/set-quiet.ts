import { readFileSync } from 'node:fs'
import { CallError } from '../../../shared/call-errors.ts'
import { Settings } from '../../../shared/settings.ts'
import { replaceFile } from '../private-file.ts'

/**
 * Writes quiet hours, or that there are none, into the file of settings, which is then followed as when a person changes it; all else in
 * it stays. `mayBeNew`: nothing is lost where there is no such file. Throws `CallError` BAD_INPUT where the file cannot be used as it is, or
 * is gone: it is not for this to mend it.
 */
export function setQuietHours(file: string, hours: string | null, mayBeNew: boolean): void {
  const { quiet_hours: _before, ...rest } = settingsIn(file, mayBeNew)
  const next = hours === null ? rest : { ...rest, quiet_hours: hours }
  replaceFile(file, `${JSON.stringify(next, null, 2)}\n`)
}

function settingsIn(file: string, mayBeNew: boolean): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    // A new file would take back all that the one before said.
    if (mayBeNew) return {}
    throw new CallError('BAD_INPUT', `the settings in \`${file}\` are gone`, 'put that file back first')
  }
  try {
    const settings = JSON.parse(text) as Record<string, unknown>
    Settings.parse(settings)
    return settings
  } catch {
    throw new CallError('BAD_INPUT', `the settings in \`${file}\` have a mistake`, 'mend that file first')
  }
}
