import { statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { needsRestart, type SettingName, Settings } from '../../shared/settings.ts'
import type { SettingsView } from '../../shared/settings-view.ts'
import { type LiveLimits, liveLimits } from './limits.ts'
import type { Clock } from './ports.ts'

/** How often the file is looked at. */
const lookMs = 2_000

/** The settings in force; they follow their file while the gateway runs, but for those that need a restart. */
export type LiveSettings = {
  now: () => Settings
  limits: LiveLimits
  view: () => SettingsView
  close: () => void
  /** Hears of each change once it holds. */
  follow: (hear: () => void) => void
}

type Deps = {
  first: Settings
  file: string
  /** Reads the file; throws what is wrong with it, or that it is gone. Null: it is not followed. */
  read: (() => Settings) | null
  clock: Clock
  /**
   * Hears of what changed and holds from now on, and of what waits for a restart; when it throws, nothing changes and it is
   * asked again later. `onProblem` hears of a file that cannot be used, or is gone.
   */
  onChange: (changed: Partial<Settings>, waiting: SettingName[]) => void
  onProblem: (problem: string) => void
}

/** Follows the file of settings. A file that cannot be used changes nothing, nor does one that is gone. */
export function createLiveSettings({ first, file, read, clock, onChange, onProblem }: Deps): LiveSettings {
  const usual = Settings.parse({})
  const limits = liveLimits(first)
  const names = Object.keys(usual) as SettingName[]
  let now = first
  let asked = first
  let problem: string | null = null
  let seen = markOf(file)
  const followers: (() => void)[] = []
  let stop = read ? clock.after(lookMs, look) : () => {}

  function look(): void {
    stop = clock.after(lookMs, look)
    try {
      const mark = markOf(file)
      if (mark === seen) return
      take()
      seen = mark
    } catch (error) {
      // Nothing was taken, because it could not be looked at or not be recorded: the next look tries again.
      problem = (error as Error).message
    }
  }

  function take(): void {
    let next: Settings
    try {
      next = read?.() ?? now
    } catch (error) {
      problem = (error as Error).message
      onProblem(problem)
      return
    }
    const changed = names.filter((name) => !isDeepStrictEqual(next[name], asked[name]))
    const kept = Object.fromEntries(names.filter(needsRestart).map((name) => [name, now[name]]))
    const held = changed.filter((name) => !needsRestart(name))
    if (changed.length > 0) {
      // It is recorded before it holds; what cannot be recorded does not hold.
      onChange(Object.fromEntries(held.map((name) => [name, next[name]])), changed.filter(needsRestart))
    }
    problem = null
    asked = next
    now = { ...next, ...kept }
    limits.set(now)
    if (changed.length > 0) for (const hear of followers) hear()
  }

  return {
    now: () => now,
    limits,
    view: () => ({
      ...{ file, problem },
      settings: names.map((name) => ({
        ...{ name, value: shown(now[name]), usual: shown(usual[name]) },
        waits: asked[name] !== now[name],
        asked: shown(asked[name]),
      })),
    }),
    follow: (hear) => void followers.push(hear),
    close: () => stop(),
  }
}

/** A value as a list of settings shows it. */
function shown(value: Settings[SettingName]): string | number | null {
  return value === null || typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value)
}

function markOf(file: string): string {
  const info = statSync(file, { throwIfNoEntry: false, bigint: true })
  return info ? `${info.ino} ${info.size} ${info.mtimeNs}` : 'none'
}
