import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes pages as the build makes them, small: each with a script of its own, and one that both need. */
export function writePages(folder: string): void {
  mkdirSync(join(folder, 'assets'), { recursive: true })
  const page = (script: string) => `<!doctype html><script type="module" src="/assets/${script}"></script>`
  writeFileSync(join(folder, 'app.html'), page('app-1.js'))
  writeFileSync(join(folder, 'approval.html'), page('approval-2.js'))
  writeFileSync(join(folder, 'assets', 'app-1.js'), "import './shared-3.js'")
  writeFileSync(join(folder, 'assets', 'approval-2.js'), "import './shared-3.js'")
  writeFileSync(join(folder, 'assets', 'shared-3.js'), 'export {}')
}
