import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { foldersAbove, type HiddenPlaces } from './hidden-places.ts'
import { realOf, sureFolders } from './links.ts'
import { liesInAny, type SandboxPlan } from './plan.ts'
import { type Program, programFiles } from './program-files.ts'

/** What a program finds in every Linux system: code and data of the system, nothing of a person. */
const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store']

/** Of /etc what programs need to start, to know the time, names, and certificates. */
const systemSettings = [
  ...['passwd', 'group', 'nsswitch.conf', 'host.conf', 'hosts', 'resolv.conf', 'services', 'protocols'],
  ...['localtime', 'timezone', 'locale.alias', 'mime.types', 'alternatives'],
  ...['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'fonts'],
  ...['ssl/certs', 'ssl/openssl.cnf', 'pki/tls/certs', 'pki/ca-trust/extracted', 'ca-certificates'],
].map((name) => join('/etc', name))

/** What a process in the sandbox sees of the file system. `temporary`: a folder of its own for what is temporary, or null. */
export type View = { words: string[]; temporary: string | null }

/**
 * The words to bubblewrap that make the view of a plan: what may be read and written, `needed` besides, and above all that the
 * hidden places. Order matters: a later mount lies on top. Throws ToolgateError SERVER_START_FAILED.
 */
export function viewOf(plan: SandboxPlan, program: Program, needed: readonly string[], hidden: HiddenPlaces): View {
  const write = plan.write === null ? null : sureFolders(plan.write)
  const read = plan.read === null ? null : sureFolders(plan.read)
  const devices = ['--dev', '/dev', '--proc', '/proc']
  if (read === null) {
    const base = write === null ? ['--bind', '/', '/'] : ['--ro-bind', '/', '/']
    const writable = write ?? ['/']
    const words = [...base, ...devices, ...(write ?? []).flatMap(bind), ...pinned(hidden, writable), ...hide(hidden)]
    return { words, temporary: write === null ? null : '/dev/shm' }
  }
  // A folder that is only written cannot be made: it is read too, and so has to be in both lists.
  const writable = write === null ? read : write.filter((folder) => liesInAny(folder, read))
  const files = [...needed, ...programFiles(program)]
  const seen = new Set([...read, ...files])
  const words = [
    ...system(),
    ...devices,
    ...['--tmpfs', '/tmp', '--dir', homedir(), '--dir', program.cwd],
    ...byDepth([...seen]).flatMap((path) =>
      liesInAny(path, write ?? read) && read.includes(path) ? bind(path) : show(path),
    ),
    ...byDepth(writable).flatMap(bind),
    ...pinned(hidden, writable),
    ...hide(within(hidden, [...seen])),
    ...['--remount-ro', '/'],
  ]
  return { words, temporary: '/tmp' }
}

const bind = (path: string) => ['--bind', path, path]
const show = (path: string) => ['--ro-bind', path, path]
const byDepth = (paths: readonly string[]) => paths.toSorted((a, b) => a.length - b.length)

/** Where /bin and the like are links into /usr they stay links. */
function system(): string[] {
  const folders = systemFolders.filter((folder) => existsSync(folder))
  const shown = folders.flatMap((folder) =>
    lstatSync(folder).isSymbolicLink() ? ['--symlink', readlinkSync(folder), folder] : show(folder),
  )
  return [...shown, ...systemSettings.filter((path) => realOf(path) !== null).flatMap(show)]
}

/**
 * Folders above a hidden place, as far as they can be written, each a mount of its own: those cannot be renamed, and so nothing
 * can be put in the place of what is hidden.
 */
function pinned(hidden: HiddenPlaces, writable: readonly string[]): string[] {
  const above = foldersAbove(hidden).filter((folder) => liesInAny(folder, writable) && !writable.includes(folder))
  return byDepth(above).flatMap(bind)
}

/** An empty folder, or a file that cannot be opened, on top of each; last, so that nothing lies above it. */
function hide({ folders, files, sealed }: HiddenPlaces): string[] {
  return [
    ...sealed.flatMap(show),
    ...files.flatMap((file) => ['--ro-bind', '/dev/null', file]),
    ...folders.flatMap((folder) => ['--tmpfs', folder, '--remount-ro', folder]),
  ]
}

/** Those of which something could be seen. */
function within({ folders, files, sealed }: HiddenPlaces, seen: readonly string[]): HiddenPlaces {
  const visible = (path: string) => liesInAny(path, seen) || seen.some((other) => liesInAny(other, [path]))
  return { folders: folders.filter(visible), files: files.filter(visible), sealed: sealed.filter(visible) }
}
