import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { built } from '../fakes/built.ts'
import { testFolder } from '../fakes/folder.ts'
import { program } from '../fakes/person.ts'

const out = dirname(built.toolgate)
let folder: string
let compiled: string

beforeEach(() => {
  // As somebody has it who set nothing: these tests themselves keep what is compiled elsewhere.
  vi.stubEnv('NODE_COMPILE_CACHE', undefined)
  folder = join(testFolder(), 'out')
  compiled = join(folder, 'compiled')
  cpSync(out, folder, { recursive: true, filter: (file) => !file.startsWith(join(out, 'compiled')) })
  symlinkSync(join(out, '..', 'node_modules'), join(folder, '..', 'node_modules'))
  writeFileSync(join(folder, '..', 'package.json'), readFileSync(join(out, '..', 'package.json')))
})

afterEach(() => void vi.unstubAllEnvs())

const run = () => program([process.execPath, join(folder, 'toolgate.js'), '--version'])

test('what was compiled is kept beside the program, and used only for exactly its text', async () => {
  const { code, screen } = await run()
  expect(code).toBe(0)
  expect(readdirSync(compiled, { recursive: true }).length).toBeGreaterThan(10)

  const [entry = ''] = readdirSync(join(folder, 'chunks')).filter((name) => /^command-line-.*\.js$/.test(name))
  const file = join(folder, 'chunks', entry)
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nprocess.stdout.write('changed')\n`)
  expect((await run()).screen).toBe(`${screen}changed`)
})

test('where nothing can be kept, the program runs all the same', async () => {
  writeFileSync(compiled, 'a file that is in the way')
  expect(await run()).toMatchObject({ code: 0, stderr: '' })
  expect(existsSync(join(folder, 'chunks', 'compiled'))).toBe(false)
})
