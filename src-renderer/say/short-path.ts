/**
 * The person's home folder, read from where the profile lies; null when it lies in none. It is never guessed from a path that
 * a client sent: another user's folder must not look like one's own.
 */
export function homeOf(profile: string): string | null {
  return /^(\/home\/[^/]+|\/Users\/[^/]+|\/root|[a-z]:\\Users\\[^\\]+)(?=[/\\]|$)/i.exec(profile)?.[1] ?? null
}

/** A path with the home folder as `~`. */
export function shortPath(path: string, home: string | null): string {
  if (home === null || !path.startsWith(home)) return path
  const rest = path.slice(home.length)
  return rest === '' || /^[/\\]/.test(rest) ? `~${rest}` : path
}

/** The folder of a path and the name in it; a path without a folder, or a root, is all name. */
export function splitPath(path: string): { folder: string; name: string } {
  const trimmed = path.length > 1 ? path.replace(/[/\\]+$/, '') : path
  const at = Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\'))
  if (at < 0 || at === trimmed.length - 1) return { folder: '', name: trimmed || path }
  return { folder: at === 0 ? trimmed.slice(0, 1) : trimmed.slice(0, at), name: trimmed.slice(at + 1) }
}

/** The deepest folder that holds all of these paths; empty when none does. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => splitPath(path).folder.split('/'))
  let length = first.length
  for (const other of others) {
    let same = 0
    while (same < length && first[same] === other[same]) same += 1
    length = same
  }
  return length === 1 && first[0] === '' && paths[0]?.startsWith('/') ? '/' : first.slice(0, length).join('/')
}
