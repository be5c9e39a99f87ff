import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Machine } from './known-client.ts'

const systems: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support',
  win32: 'C:\\Program Files',
}

/** This machine, or another home folder of it, whose settings then lie where they lie without an environment. */
export function thisMachine(home: string | null, projects: readonly string[]): Machine {
  const { platform, env } = process
  const own = home === null
  const base = home ?? homedir()
  const named = (variable: string) => {
    const value = own ? env[variable] : undefined
    return value && isAbsolute(value) ? value : null
  }
  const settings: Partial<Record<NodeJS.Platform, string>> = {
    darwin: join(base, 'Library', 'Application Support'),
    win32: named('APPDATA') ?? join(base, 'AppData', 'Roaming'),
  }
  return {
    ...{ platform, home: base, projects, moved: named },
    system: systems[platform] ?? '/etc',
    settings: settings[platform] ?? named('XDG_CONFIG_HOME') ?? join(base, '.config'),
  }
}
