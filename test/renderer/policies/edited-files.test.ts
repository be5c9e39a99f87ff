import { expect, test } from 'vitest'
import { editedFiles, fileAt, isStale, textOf } from '../../../src-renderer/features/policies/edit/edited-file.ts'
import { chosenRules } from '../../../src-renderer/features/policies/suggestions/chosen-rules.ts'
import { freeFileName } from '../../../src-renderer/parts/policy-draft.ts'

const inFolder = [
  { path: 'a.yaml', origin: 'local' as const, text: 'a', hash: 'a1' },
  { path: 'a.yaml', origin: 'org' as const, text: 'org', hash: 'o1' },
]

test('a draft belongs to the file of the folder, never to that of the organisation', () => {
  const files = editedFiles(inFolder, [
    { path: 'a.yaml', text: 'changed', base: 'a1' },
    { path: 'new.yaml', text: 'new', base: null },
  ])
  expect(files.map((file) => [file.path, file.origin, textOf(file)])).toEqual([
    ['a.yaml', 'local', 'changed'],
    ['new.yaml', 'local', 'new'],
    ['a.yaml', 'org', 'org'],
  ])
})

test('a draft is stale once its file is not the one that it began from', () => {
  const stale = (base: string | null) => editedFiles(inFolder, [{ path: 'a.yaml', text: 'b', base }]).map(isStale)[0]
  expect([stale('a1'), stale('a0'), stale(null)]).toEqual([false, true, true])
})

test('the address names a file, and a line in it', () => {
  const files = editedFiles([{ path: 'my rules.yaml', origin: 'local', text: '', hash: '' }, ...inFolder], [])
  const at = (location: string) => {
    const { file, line } = fileAt(location, files)
    return [file?.path, line]
  }
  expect(at('/policies/edit')).toEqual(['my rules.yaml', 0])
  expect(at('/policies/edit/a.yaml')).toEqual(['a.yaml', 0])
  expect(at('/policies/edit/a.yaml/12')).toEqual(['a.yaml', 12])
  expect(at('/policies/edit/my rules.yaml/3')).toEqual(['my rules.yaml', 3])
  expect(at('/policies/edit/gone.yaml/3')).toEqual(['my rules.yaml', 0])
})

test('names that are taken are counted on, whatever their capitals', () => {
  expect(freeFileName('suggested', ['Suggested.yaml', 'suggested-2.yaml'])).toBe('suggested-3.yaml')
})

test('of a suggestion only the chosen rules are taken', () => {
  const rule = (id: string) =>
    `  # seen\n  - id: ${id}\n    match:\n      labels:\n        mcp.server: s\n    decision: ALLOW\n`
  const text = `version: v1\nrules:\n${rule('a')}${rule('a-b')}${rule('c')}`
  expect(chosenRules(text, ['a', 'a-b', 'c'], new Set(['a', 'c']))).toBe(
    `version: v1\nrules:\n${rule('a')}  # seen\n${rule('c')}`,
  )
})
