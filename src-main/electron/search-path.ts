import { delimiter } from 'node:path'

/** Where programs of people are on a Mac, should their shell not say. */
const macFolders = ['/opt/homebrew/bin', '/usr/local/bin']

/** The PATH in which servers find their programs: that of the person's terminals first, then the one that the app was given. */
export function searchPath(login: string | null, given: string, platform: NodeJS.Platform): string {
  const all = [
    ...(login ?? '').split(delimiter),
    ...given.split(delimiter),
    ...(platform === 'darwin' ? macFolders : []),
  ]
  return [...new Set(all.filter((folder) => folder !== ''))].join(delimiter)
}
