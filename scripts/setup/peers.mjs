// Puts the third-party servers and clients there that tests meet. They have lock files of their own: they are no packages of Toolgate.
import { join } from 'node:path'
import { install, isInstalled } from './install.mjs'
import { withLock } from './lock.mjs'

/** Folders in `test/`, with what npm is told besides. Nothing that comes with these packages runs at their installation. */
const folders = [
  // Drivers for other databases are left out.
  { name: 'peers', flags: ['--ignore-scripts', '--omit=optional'] },
  // The program of a client for this system is an optional package.
  { name: 'clients', flags: ['--ignore-scripts'] },
]

/**
 * Installs what the lock files of `test/peers/` and `test/clients/` ask for, unless it is there; after that nothing of it is fetched.
 * Safe when several run at once. Throws `SetupError`.
 * @param {string} root repository folder
 * @param {string | null} only the one of the two folders that is wanted
 */
export async function installPeers(root, only = null) {
  for (const { name, flags } of folders.filter((each) => only === null || each.name === only)) {
    const folder = join(root, 'test', name)
    if (isInstalled(folder)) continue
    await withLock(join(root, '.setup.lock'), async () => {
      if (!isInstalled(folder)) await install(folder, flags)
    })
  }
}
