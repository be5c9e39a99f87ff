import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testFolder } from './folder.ts'

const root = join(import.meta.dirname, '..', '..')

/** Parts of a checkout that a test may change; the rest is shared with the real one, by links. */
const own = ['scripts', 'out', 'node_modules']
const notShared = new Set([...own, '.git', '.tsbuild', 'test-results', '.setup.lock'])

/**
 * A checkout of this repository that is installed and built, in a folder of this test alone. It has a desktop build and the
 * package of Electron, without a binary.
 */
export function installedCheckout(): string {
  const folder = testFolder()
  for (const name of readdirSync(root)) if (!notShared.has(name)) symlinkSync(join(root, name), join(folder, name))
  for (const name of ['scripts', 'out']) cpSync(join(root, name), join(folder, name), { recursive: true })
  mkdirSync(join(folder, 'out', 'electron'), { recursive: true })
  writeFileSync(join(folder, 'out', 'electron', 'main.js'), '')

  const [there, here] = [join(root, 'node_modules'), join(folder, 'node_modules')]
  mkdirSync(here)
  for (const name of readdirSync(there)) {
    if (name !== 'electron' && name !== '.toolgate-electron') symlinkSync(join(there, name), join(here, name))
  }
  mkdirSync(join(here, 'electron'))
  for (const name of ['package.json', 'install.js', 'index.js', 'checksums.json']) {
    writeFileSync(join(here, 'electron', name), readFileSync(join(there, 'electron', name)))
  }
  return folder
}

/** Takes the desktop build away. */
export function withoutDesktopBuild(checkout: string): void {
  rmSync(join(checkout, 'out', 'electron'), { recursive: true })
}
