import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installPeers } from '../../../scripts/setup/peers.mjs'

const root = join(import.meta.dirname, '..', '..', '..')
/** Their own folder, so that they are no packages of Toolgate's. */
const peers = join(root, 'test', 'peers')

/** Puts the packages of `test/peers/` and `test/clients/` there, or of one of them, unless they are. */
export const ensurePeers = (only: 'peers' | null = null): Promise<void> => installPeers(root, only)

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
