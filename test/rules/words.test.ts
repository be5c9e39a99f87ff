import { expect, test } from 'vitest'
import { documents } from './docs.ts'
import { lineAt, readFiles, sourceFiles, type TextFile } from './source.ts'

/** Every match as `file:line match`. */
function matches(files: readonly TextFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)} ${match[0].trim()}`),
  )
}

const tools = ['scripts', 'bench', 'bin', '.ci', '.github'].flatMap((folder) => readFiles(folder, /./))
const product = [...sourceFiles(), ...tools]

test('nothing in the product is left for later', () => {
  expect(matches(product, /\b(TODO|FIXME|XXX|HACK|[Nn]ot implemented|[Ss]tub(s|bed)?)\b/g)).toEqual([])
})

test('no rule of the compiler or the linter is switched off for a file', () => {
  expect(matches(product, /@ts-(ignore|nocheck|expect-error)|biome-ignore-all|as any\b|: any\b/g)).toEqual([])
})

test('no path of a developer’s machine is written down', () => {
  const settings = readFiles('.', /^[^/]+\.(json|ts|mjs)$/)
  // Built from parts, so that this line is no match itself.
  const machine = new RegExp(`(^|[\\s"'\`(=])/(${['work', 'root', 'home/\\w+', 'Users/\\w+'].join('|')})/\\w`, 'gm')
  expect(matches([...product, ...documents(), ...settings], machine)).toEqual([])
})
