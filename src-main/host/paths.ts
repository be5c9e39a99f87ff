import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Paths } from '../core/ports.ts'
import { defaultProfile, socketPath } from '../shim/profile.ts'
import { privateFolder } from './private-folder.ts'
import { UnfitHost } from './unfit-host.ts'

/**
 * Paths of the instance in `profile`: the one named, else TOOLGATE_PROFILE, else this user's default. Touches nothing. Throws UnfitHost for
 * an empty name: what a script left out must not mean the usual instance.
 */
export function instancePaths(profile: string | undefined = process.env.TOOLGATE_PROFILE): Paths {
  if (profile === '') {
    throw new UnfitHost(
      'the profile that is named, with --profile or in TOOLGATE_PROFILE, is empty',
      'name the folder of the instance, or leave it out for the usual one',
    )
  }
  const folder = resolve(profile ?? defaultProfile())
  return {
    profile: folder,
    database: join(folder, 'toolgate.db'),
    socket: socketPath(folder),
    run: join(folder, 'run'),
    keys: join(folder, 'keys'),
    vault: join(folder, 'vault'),
    policy: join(folder, 'policy'),
    logs: join(folder, 'logs'),
    settings: join(folder, 'settings.json'),
    checkpoints: join(folder, 'checkpoints'),
    managedPolicy: managedPolicy(),
  }
}

/** Creates the folders of an instance, private to this user; throws when one of them cannot be made so. */
export function preparePaths(paths: Paths): void {
  refuseForeignFolder(paths)
  for (const folder of [
    paths.profile,
    // First of what lies in it: by this another gateway that starts at the same moment knows a profile.
    paths.keys,
    paths.run,
    paths.vault,
    paths.policy,
    paths.logs,
    paths.checkpoints,
  ]) {
    privateFolder(folder)
  }
  if (process.platform !== 'win32') privateFolder(dirname(paths.socket))
}

/** Throws UnfitHost when the profile's folder serves something else: it would be made private to this user, which would do harm. */
export function refuseForeignFolder(paths: Paths): void {
  if (!existsSync(paths.profile)) return
  if (!statSync(paths.profile).isDirectory())
    throw new UnfitHost(`\`${paths.profile}\` is not a folder`, 'name a folder with --profile')
  const entries = readdirSync(paths.profile)
  if (entries.length === 0 || existsSync(paths.keys) || existsSync(paths.policy)) return
  throw new UnfitHost(
    `\`${paths.profile}\` holds other things and is no profile`,
    'name a folder of its own with --profile',
  )
}

function managedPolicy(): string {
  if (process.platform === 'win32') return join(process.env.ProgramData ?? 'C:\\ProgramData', 'Toolgate', 'policy')
  if (process.platform === 'darwin') return '/Library/Application Support/Toolgate/policy'
  return '/etc/toolgate/policy'
}
