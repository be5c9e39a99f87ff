import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ParseResult, Visitor } from 'rolldown/utils'
import { afterEach, describe, expect, test } from 'vitest'
import { layerOffences, packagesBehind } from './layers.ts'
import { lineAt, parse, readFiles, sourceFiles } from './source.ts'

describe('this repository', () => {
  test('every import follows the table of layers', () => {
    expect(layerOffences(sourceFiles())).toEqual([])
  })

  test('the shim needs no package, not even through a shared file', () => {
    const files = sourceFiles()
    expect(files.map(({ path }) => path)).toContain('src-main/shim/main.ts')
    expect(packagesBehind('src-main/shim/main.ts', files)).toEqual([])
  })

  test('policy reads no clock, no randomness and nothing global', () => {
    const impure = /^(Date|performance|process|globalThis|fetch|setTimeout|setInterval|crypto)$/
    const offences = readFiles('src-main/core/policy', /\.ts$/).flatMap((file) =>
      identifiers(parse(file).program)
        .filter(({ name }) => impure.test(name))
        .map(({ name, start }) => `${file.path}:${lineAt(file.text, start)} ${name}`),
    )
    expect(offences).toEqual([])
  })
})

describe('the checker', () => {
  let folder = ''
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** Offences of a repository of one planted file, cut to `file:line imports x`. */
  function planted(path: string, text: string): string[] {
    folder = mkdtempSync(join(tmpdir(), 'toolgate-layers-'))
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
    return layerOffences(readFiles('.', /\.tsx?$/, folder)).map((offence) => offence.split(': ')[0] ?? '')
  }

  test.each([
    ['shared/a.ts', 'node:fs'],
    ['shared/a.ts', '../src-main/core/ports.ts'],
    ['src-main/core/policy/a.ts', 'node:crypto'],
    ['src-main/core/policy/a.ts', '../risk/score.ts'],
    ['src-main/core/store/a.ts', '../registry/diff.ts'],
    ['src-main/core/store/a.ts', 'node:net'],
    ['src-main/core/risk/a.ts', 'better-sqlite3'],
    ['src-main/core/risk/a.ts', '../../headless/main.ts'],
    ['src-main/core/risk/a.ts', '../../shim/profile.ts'],
    ['src-main/core/risk/a.ts', 'electron'],
    ['src-main/core/pipeline/a.ts', '../gateway/to-wire.ts'],
    ['src-main/core/audit/chain.ts', 'node:fs'],
    ['src-main/shim/a.ts', 'zod'],
    ['src-main/shim/a.ts', '../core/ports.ts'],
    ['src-main/host/a.ts', '../core/audit/log.ts'],
    ['src-main/host/a.ts', '../headless/cli-error.ts'],
    ['src-main/headless/a.ts', '../core/audit/log.ts'],
    ['src-main/headless/a.ts', '../shim/main.ts'],
    ['src-main/headless/verify-audit.ts', '../core/registry/registry.ts'],
    ['src-main/headless/verify-audit.ts', 'commander'],
    ['src-main/headless/a.ts', '../../test/fakes/clock.ts'],
    ['src-renderer/features/servers/a.tsx', '../overview/needs.ts'],
    ['src-renderer/features/servers/a.tsx', '../../link/open-link.ts'],
    ['src-renderer/features/servers/a.tsx', 'radix-ui'],
    ['src-renderer/features/servers/a.tsx', 'node:fs'],
    ['src-renderer/ui/a.tsx', '../call.ts'],
    ['src-renderer/ui/a.tsx', '../../shared/calls.ts'],
    ['src-renderer/approval/a.tsx', '../features/overview/needs.ts'],
    ['src-renderer/use-call.ts', './link/open-link.ts'],
    ['src-renderer/app/a.tsx', '../../src-main/core/ports.ts'],
    ['src-renderer/app/a.tsx', 'electron'],
  ])('%s must not import %s', (path, specifier) => {
    expect(planted(path, `\nimport { x } from '${specifier}'\n`)).toEqual([`${path}:2 imports ${specifier}`])
  })

  test.each([
    ['src-main/core/policy/a.ts', '../../../shared/envelope.ts'],
    ['src-main/core/policy/a.ts', '@marcbachmann/cel-js'],
    ['src-main/core/pipeline/a.ts', '../audit/log.ts'],
    ['src-main/core/gateway/a.ts', '../pipeline/call-tool.ts'],
    ['src-main/headless/a.ts', '../core/audit/verify-log.ts'],
    ['src-main/headless/a.ts', '../shim/profile.ts'],
    ['src-main/headless/verify-audit.ts', '../core/audit/key-file.ts'],
    ['src-main/shim/a.ts', 'node:net'],
    ['src-renderer/features/servers/a.tsx', './b.ts'],
    ['src-renderer/features/servers/a.tsx', '../../use-call.ts'],
    ['src-renderer/app/a.tsx', '../features/overview/needs.ts'],
    ['src-renderer/ui/a.tsx', '../../shared/printable.ts'],
  ])('%s may import %s', (path, specifier) => {
    expect(planted(path, `import { x } from '${specifier}'`)).toEqual([])
  })

  test.each([
    ["import type { x } from 'node:fs'"],
    ["import 'node:fs'"],
    ["export { x } from 'node:fs'"],
    ["export * from 'node:fs'"],
    ["export const x = await import('node:fs')"],
    ["export type X = import('node:fs').Stats"],
  ])('every form of import is seen: %s', (text) => {
    expect(planted('shared/a.ts', text)).toEqual(['shared/a.ts:1 imports node:fs'])
  })

  test('an import whose name is computed is an offence', () => {
    expect(planted('src-main/core/a.ts', 'export const load = (name: string) => import(name)')).toEqual([
      'src-main/core/a.ts:1 imports a computed name',
    ])
  })

  test('a folder that is in no layer is an offence', () => {
    expect(planted('src-main/elsewhere/a.ts', 'export {}')).toEqual(['src-main/elsewhere/a.ts lies in no layer'])
    expect(planted('src-renderer/features/a.tsx', '')).toEqual(['src-renderer/features/a.tsx lies in no layer'])
  })

  test('a package behind a shared file is found', () => {
    const files = [
      { path: 'src-main/shim/main.ts', text: "import { a } from '../../shared/a.ts'" },
      { path: 'shared/a.ts', text: "import { b } from './b.ts'" },
      { path: 'shared/b.ts', text: "import { z } from 'zod/v4'" },
    ]
    expect(packagesBehind('src-main/shim/main.ts', files)).toEqual(['zod'])
  })
})

function identifiers(program: ParseResult['program']): { name: string; start: number }[] {
  const found: { name: string; start: number }[] = []
  new Visitor({
    Identifier(node) {
      found.push({ name: node.name, start: node.start })
    },
  }).visit(program)
  return found
}
