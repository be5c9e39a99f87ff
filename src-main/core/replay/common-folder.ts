/** A folder above which too much lies: the root, and the folder of all users. */
const leastParts = 2
/** Characters that a condition has room for. */
const longest = 1000

/**
 * The deepest folder that all paths of all calls lie in; null when a call names none, or when that folder is so high up that
 * naming it would bound nothing. A path that all share is taken as the file that it is, and so its folder counts.
 */
export function commonFolder(calls: readonly (readonly string[])[]): string | null {
  if (calls.length === 0 || calls.some((paths) => paths.length === 0)) return null
  const all = calls.flat()
  if (all.some((path) => /[\p{C}]/u.test(path))) return null
  const separator = all.every((path) => path.startsWith('/')) ? '/' : '\\'
  const split = all.map((path) => path.split(separator))
  const [first = []] = split
  let shared = 0
  while (
    shared < first.length - 1 &&
    split.every((parts) => parts.length - 1 > shared && parts[shared] === first[shared])
  ) {
    shared++
  }
  // The part before the first separator is empty, or a drive.
  const folder = first.slice(0, shared).join(separator)
  return shared - 1 < leastParts || folder.length > longest ? null : folder
}
