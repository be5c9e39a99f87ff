import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { nameIn } from '../../src-main/headless/command-name.ts'
import { cliWords } from '../fakes/built.ts'
import { testFolder } from '../fakes/folder.ts'
import { program } from '../fakes/person.ts'

function installed(where: string): { folder: string; file: string } {
  const folder = join(testFolder(), where)
  const file = join(testFolder(), 'toolgate.mjs')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, '')
  symlinkSync(file, join(folder, 'toolgate'))
  return { folder, file }
}

test('the bare name is told only where a shell finds this very program by it', () => {
  const { folder, file } = installed('bin')
  const search = ['/nowhere', folder].join(delimiter)
  expect(nameIn(search, file)).toBe('toolgate')
  expect(nameIn(search, installed('bin').file)).toBe('npx toolgate')
  expect(nameIn('/nowhere', file)).toBe('npx toolgate')
})

test('what npm puts on the path of its own children does not count', () => {
  const { folder, file } = installed(join('node_modules', '.bin'))
  expect(nameIn(folder, file)).toBe('npx toolgate')
})

test('in a checkout every hint names the command that works there', async () => {
  const profile = join(testFolder(), 'profile')
  const run = (...words: string[]) => program([...cliWords, '--profile', profile, ...words])
  expect((await run('status')).stderr).toContain('→ start one with `npx toolgate serve`')
  expect(JSON.parse((await run('status', '--json')).screen).error.hint).toContain('`npx toolgate serve`')
  expect((await run('servers', 'bogus')).stderr).toContain('→ see `npx toolgate servers --help`')
  expect((await run('servers', '--help')).screen).toContain('npx toolgate servers')
})
