import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../core/ports.ts'
import { packageFolder } from './version.ts'

/**
 * Puts the JSON Schemas of policy files into the profile, where the first line of a rule file can name them
 * (`../schemas/rules.json`), so that editors complete and underline; those of another version are replaced.
 */
export function shareSchemas(profile: string, log: Log): void {
  try {
    const [from, to] = [join(packageFolder(), 'assets', 'schemas'), join(profile, 'schemas')]
    mkdirSync(to, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(from)) {
      const text = readFileSync(join(from, name), 'utf8')
      if (textOf(join(to, name)) !== text) writeFileSync(join(to, name), text, { mode: 0o600 })
    }
  } catch (error) {
    // Editors then know less; policy is read as ever.
    log.warn('the schemas of policy files could not be put into the profile', { error: String(error) })
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
