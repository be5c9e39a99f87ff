import { createHash } from 'node:crypto'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'

/** Bytes a Unix socket's path may have on every system (sockaddr_un: 104 on macOS, 108 on Linux), with some room. */
const socketPathLimit = 100

/** The profile folder when none is named: where this system keeps a user's application data. */
export function defaultProfile(): string {
  const home = homeFolder()
  if (process.platform === 'win32') return join(home, 'AppData', 'Local', 'Toolgate')
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Toolgate')
  return join(home, '.local', 'share', 'toolgate')
}

/**
 * Where the gateway of a profile listens; the same answer for everyone of the same user, whatever their environment says.
 * A path too long for a socket moves to a folder of this user in /tmp; the gateway refuses one that is somebody else's,
 * and a caller sends nothing before the gateway's proof.
 */
export function socketPath(profile: string): string {
  const folder = resolve(profile)
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\toolgate-${name}`
  const inProfile = join(folder, 'run', 'gateway.sock')
  if (Buffer.byteLength(inProfile) <= socketPathLimit) return inProfile
  return join('/tmp', `toolgate-${process.getuid?.() ?? 0}`, `${name}.sock`)
}

/** Where the host that ran last says how to start it again. */
export function hostRecordFile(profile: string): string {
  return join(resolve(profile), 'run', 'host.json')
}

/**
 * The user's home as the system knows it: a project that sets HOME, XDG_DATA_HOME or LOCALAPPDATA for a client's servers
 * must not choose the profile. Throws where the system does not know the user, as in some containers.
 */
function homeFolder(): string {
  try {
    return userInfo().homedir
  } catch (cause) {
    throw new Error('this system does not say where your home folder is; name a profile with `--profile DIR`', {
      cause,
    })
  }
}
