// Puts the third-party servers and clients there that tests meet. They have a lock file of their own: they are no packages of Toolgate.
import { join } from 'node:path'
import { install, isInstalled } from './install.mjs'
import { withLock } from './lock.mjs'

/** Nothing that comes with these packages runs at their installation, and drivers for other databases are left out. */
const flags = ['--ignore-scripts', '--omit=optional']

/**
 * Installs what `test/peers/package-lock.json` asks for, unless it is there; after that nothing of it is fetched. Safe when
 * several run at once. Throws `SetupError`.
 * @param {string} root repository folder
 */
export async function installPeers(root) {
  const folder = join(root, 'test', 'peers')
  if (isInstalled(folder)) return
  await withLock(join(root, '.setup.lock'), async () => {
    if (!isInstalled(folder)) await install(folder, flags)
  })
}
