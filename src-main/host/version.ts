import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ShimLaunch } from '../../shared/shim-launch.ts'

/** The folder that holds `package.json`, `bin` and `out`: above the sources as well as above the build. */
export function packageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) throw new Error('Toolgate is not installed whole: its `package.json` is missing')
  }
}

/** The version of this Toolgate. */
export function version(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { version: string }
  return version
}

/** What clients start to come in: the shim of this Toolgate, run by this very program; `env` makes Electron one that runs it. */
export function shimLaunch(): ShimLaunch {
  const env: ShimLaunch['env'] = process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }
  return { command: process.execPath, args: [join(packageFolder(), 'out', 'shim.js')], env }
}
