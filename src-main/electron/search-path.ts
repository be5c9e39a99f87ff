import { delimiter } from 'node:path'

/** Where programs of people are on a Mac; an app that is started from the dock or at login is not told. */
const macFolders = ['/opt/homebrew/bin', '/usr/local/bin']

/** The PATH in which servers find their programs. */
export function searchPath(path: string, platform: NodeJS.Platform): string {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  const more = platform === 'darwin' ? macFolders.filter((folder) => !folders.includes(folder)) : []
  return [...folders, ...more].join(delimiter)
}
