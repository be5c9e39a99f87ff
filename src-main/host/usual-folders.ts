import { readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/**
 * A PATH with the folders after it in which people's tools lie wherever they are installed: what is started from a dock, a menu or a
 * client often has none of them, and a login shell that could be asked may not be there. What the PATH has goes first.
 */
export function withUsualFolders(path: string, home: string): string {
  const given = path.split(delimiter).filter((folder) => folder !== '')
  const more = [...versionManagers(home), ...installers(home)].filter((folder) => isFolder(folder))
  return [...new Set([...given, ...more])].join(delimiter)
}

/** Where Node lies that nvm, fnm, asdf, mise, Volta or n brought: the version that the person chose as the usual one. */
function versionManagers(home: string): string[] {
  const support = join(home, 'Library', 'Application Support')
  const share = join(home, '.local', 'share')
  const fnm = [join(share, 'fnm'), join(support, 'fnm'), join(home, '.fnm')]
  return [
    ...nvmDefault(join(home, '.nvm')),
    ...fnm.map((folder) => join(folder, 'aliases', 'default', 'bin')),
    ...[join(home, '.volta', 'bin'), join(home, '.asdf', 'shims'), join(home, '.asdf', 'bin')],
    ...[join(share, 'mise', 'shims'), join(home, 'n', 'bin')],
  ]
}

/** Where installers of single tools put them: uv, pipx, cargo, bun, deno, pnpm, Homebrew and the like. */
function installers(home: string): string[] {
  return [
    ...['.local/bin', '.cargo/bin', '.bun/bin', '.deno/bin', 'bin'].map((name) => join(home, name)),
    ...[join(home, '.local', 'share', 'pnpm'), join(home, 'Library', 'pnpm')],
    ...(process.platform === 'win32'
      ? [join(home, 'scoop', 'shims'), join(home, 'AppData', 'Roaming', 'npm')]
      : ['/opt/homebrew/bin', '/home/linuxbrew/.linuxbrew/bin', '/usr/local/bin', '/usr/bin', '/bin', '/snap/bin']),
  ]
}

/** nvm has no folder of a fixed name: its alias `default` names a version, a beginning of one, or another alias. */
function nvmDefault(nvm: string): string[] {
  const versions = namesIn(join(nvm, 'versions', 'node'))
    .filter((name) => /^v\d+\.\d+\.\d+$/.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  let wanted = 'default'
  for (let steps = 0; steps < 5; steps++) {
    const next = aliasIn(nvm, wanted)
    if (next === null) break
    wanted = next
  }
  const beginning = `v${wanted.replace(/^v/, '')}`
  const chosen = versions.findLast((name) => name === beginning || name.startsWith(`${beginning}.`)) ?? versions.at(-1)
  return chosen === undefined ? [] : [join(nvm, 'versions', 'node', chosen, 'bin')]
}

/** What an alias of nvm stands for, such as `lts/*` for `lts/jod`; null when there is none of this name. */
function aliasIn(nvm: string, name: string): string | null {
  if (!/^[\w./*-]{1,60}$/.test(name) || name.includes('..')) return null
  try {
    return readFileSync(join(nvm, 'alias', name), 'utf8').trim()
  } catch {
    return null
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isFolder(path: string): boolean {
  return isAbsolute(path) && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false)
}
