import { homedir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Machine } from './known-client.ts'

const systems: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support',
  win32: 'C:\\Program Files',
}

/**
 * The home folder of this user's account, whatever HOME a gateway was started with, so that the same is looked into each time; HOME where
 * the system knows no account. TOOLGATE_HOME names another.
 */
function accountHome(): string {
  const { TOOLGATE_HOME: other } = process.env
  if (other && isAbsolute(other)) return other
  try {
    return userInfo().homedir
  } catch {
    return homedir()
  }
}

/** This machine, or another home folder of it, whose settings then lie where they lie without an environment. */
export function thisMachine(home: string | null, projects: readonly string[]): Machine {
  const { platform, env } = process
  const own = home === null
  const base = home ?? accountHome()
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
