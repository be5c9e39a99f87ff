import { lstatSync, type Stats } from 'node:fs'
import { userInfo } from 'node:os'
import allocator from './allocator.json' with { type: 'json' }

/**
 * What of the client's environment may reach a gateway that we start, and how it must look. A project can set any variable
 * for its servers, and so for us: what could load code, or lead the gateway's questions, messages or secrets elsewhere, is
 * taken only in forms that can but mean this machine and this user, or not at all.
 */
const accepted: Record<string, (value: string) => boolean> = {
  LANG: isLocale,
  LANGUAGE: isLocale,
  TZ: isLocale,
  TMPDIR: isPrivateFolder,
  XDG_RUNTIME_DIR: isPrivateFolder,
  DISPLAY: (value) => /^:\d+(\.\d+)?$/.test(value),
  WAYLAND_DISPLAY: (value) => /^wayland-\d+$/.test(value),
  XAUTHORITY: isPrivateFile,
  XDG_SESSION_TYPE: (value) => ['x11', 'wayland', 'tty'].includes(value),
  XDG_CURRENT_DESKTOP: (value) => /^[\w:-]{1,60}$/.test(value),
  DBUS_SESSION_BUS_ADDRESS: (value) => value === `unix:path=/run/user/${process.getuid?.()}/bus`,
}

/** Windows programs do not start without these; a project can set them, the system's own values are not known to us. */
const windowsNames = [
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'APPDATA',
  'LOCALAPPDATA',
  'TEMP',
  'ProgramData',
]

/**
 * The environment of a gateway started by the shim; `path` comes from the host that ran before. The C library reads
 * `allocator.json` when a program starts (mallopt(3)): one heap for all threads. By itself it keeps one for each, none of which
 * shrinks: 25 MiB more after a load.
 */
export function gatewayEnvironment(path: string, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const kept = entries.filter(([name, value]) =>
    name.startsWith('LC_') ? isLocale(value) : Object.hasOwn(accepted, name) && accepted[name]?.(value),
  )
  const system = process.platform === 'win32' ? entries.filter(([name]) => windowsNames.includes(name)) : []
  return { ...Object.fromEntries([...kept, ...system]), ...person(), ...allocator, PATH: path }
}

/** What the C library has read, and what a gateway starts must not read too, such as the person's browser. */
export function forgetAllocator(env: NodeJS.ProcessEnv = process.env): void {
  for (const [name, value] of Object.entries(allocator)) if (env[name] === value) delete env[name]
}

/** Who the user is, from the system and not from variables. */
function person(): Record<string, string> {
  try {
    const { homedir, username } = userInfo()
    if (process.platform === 'win32') return { USERPROFILE: homedir, USERNAME: username }
    return { HOME: homedir, USER: username, LOGNAME: username }
  } catch {
    // A user whom the system does not know, as in some containers; the profile was then named.
    return {}
  }
}

function isLocale(value: string): boolean {
  return /^[\w.@:+/-]{1,100}$/.test(value) && !value.includes('..') && !value.startsWith('/') && !value.startsWith(':')
}

function isPrivateFolder(path: string): boolean {
  const info = infoOf(path)
  return !!info?.isDirectory() && isOwnAlone(info)
}

function isPrivateFile(path: string): boolean {
  const info = infoOf(path)
  return !!info?.isFile() && isOwnAlone(info)
}

/** What lies at an absolute path; a link is what it is, not where it leads. */
function infoOf(path: string): Stats | undefined {
  return path.startsWith('/') ? lstatSync(path.replace(/\/+$/, ''), { throwIfNoEntry: false }) : undefined
}

function isOwnAlone({ uid, mode }: Stats): boolean {
  return uid === process.getuid?.() && (mode & 0o077) === 0
}
