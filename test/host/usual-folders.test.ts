import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withUsualFolders } from '../../src-main/host/usual-folders.ts'
import { testFolder } from '../fakes/folder.ts'

/** A home folder with these folders and these files. */
function homeWith(folders: readonly string[], files: Record<string, string> = {}): string {
  const home = testFolder()
  for (const folder of folders) mkdirSync(join(home, folder), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text)
  return home
}

/** What is added of the home folder, without the home. */
const added = (home: string, path = '') =>
  withUsualFolders(path, home)
    .split(':')
    .filter((folder) => folder.startsWith(home))
    .map((folder) => folder.slice(home.length + 1))

const node = (version: string) => `.nvm/versions/node/${version}/bin`

test.each([
  ['a version', '22.1.0', 'v22.1.0'],
  ['the beginning of one: the newest of these', '22', 'v22.11.0'],
  ['another alias', 'lts/*', 'v20.9.0'],
  ['one that is not installed: the newest of all', '18', 'v24.0.1'],
  ['itself', 'default', 'v24.0.1'],
  ['something elsewhere', '../../../../etc', 'v24.0.1'],
])('of nvm the version counts that its usual alias means, which names %s', (_what, alias, version) => {
  const home = homeWith(
    [
      ...['v20.9.0', 'v22.1.0', 'v22.2.0', 'v22.11.0', 'v24.0.1'].map(node),
      '.nvm/alias/lts',
      '.nvm/versions/node/odd/bin',
    ],
    { '.nvm/alias/default': `${alias}\n`, '.nvm/alias/lts/*': 'lts/iron\n', '.nvm/alias/lts/iron': 'v20.9.0\n' },
  )
  expect(added(home)).toEqual([node(version)])
})

test('what other managers and installers keep is there when they are, after what the PATH has', () => {
  const places = ['.local/share/fnm/aliases/default/bin', '.volta/bin', '.asdf/shims', '.local/bin', '.cargo/bin']
  const home = homeWith([...places, '.bun'])
  expect(added(home)).toEqual(places)
  const volta = join(home, '.volta', 'bin')
  expect(withUsualFolders(`/opt/mine:${volta}`, home).split(':').slice(0, 3)).toEqual([
    ...['/opt/mine', volta],
    join(home, places[0] ?? ''),
  ])
  expect(added(testFolder())).toEqual([])
})
