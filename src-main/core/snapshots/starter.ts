import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRuleFile } from './read-folder.ts'

/**
 * Writes the starter policy when the folder holds no rule file; true when it did. Only for the very first start: later, an
 * empty folder means that somebody emptied it.
 */
export function writeStarter(folder: string, text: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (readdirSync(folder).some(isRuleFile)) return false
  writeFileSync(join(folder, 'starter.yaml'), text, { flag: 'wx', mode: 0o600 })
  return true
}
