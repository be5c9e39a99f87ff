import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { install, isInstalled } from '../../../scripts/setup/install.mjs'
import { withLock } from '../../../scripts/setup/lock.mjs'

const root = join(import.meta.dirname, '..', '..', '..')
/** Their own folder, so that they are no packages of Toolgate's. */
const peers = join(root, 'test', 'peers')

/**
 * Puts the packages of `test/peers/` there, exactly those of its lock file, unless they are; nothing is fetched later, and
 * nothing that comes with them runs at their installation.
 */
export async function installPeers(): Promise<void> {
  if (isInstalled(peers)) return
  await withLock(join(peers, '.setup.lock'), async () => {
    if (!isInstalled(peers)) await install(peers, ['--ignore-scripts', '--omit=optional'])
  })
}

/** A package that a peer comes in: one of `test/peers/`, or one that the repository has anyway. */
export type Peer = { package: string; entry: string }

function folderOf({ package: name }: Peer): string {
  const { dependencies } = JSON.parse(readFileSync(join(peers, 'package.json'), 'utf8')) as { dependencies: object }
  return join(name in dependencies ? peers : root, 'node_modules', name)
}

/** The file that runs a peer. */
export function entryOf(peer: Peer): string {
  return join(folderOf(peer), peer.entry)
}

/** The version of a peer that is installed. */
export function versionOf(peer: Peer): string {
  return (JSON.parse(readFileSync(join(folderOf(peer), 'package.json'), 'utf8')) as { version: string }).version
}
