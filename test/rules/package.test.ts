import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './source.ts'

type Dependencies = Record<string, string>
type Package = {
  version: string
  dependencies: Dependencies
  devDependencies: Dependencies
  optionalDependencies: Dependencies
}

const about: Package = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const lock: { packages: { '': Package } } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

test('every version is exact', () => {
  const all = Object.entries({ ...about.dependencies, ...about.devDependencies, ...about.optionalDependencies })
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
})

test('the lock file was made from this package.json', () => {
  const { version, dependencies, devDependencies, optionalDependencies } = lock.packages['']
  expect({ version, dependencies, devDependencies, optionalDependencies }).toEqual({
    version: about.version,
    dependencies: about.dependencies,
    devDependencies: about.devDependencies,
    optionalDependencies: about.optionalDependencies,
  })
})
