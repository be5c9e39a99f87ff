import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build } from 'rolldown'
import { loadConfig } from 'rolldown/config'
import { expect, test } from 'vitest'
import { testFolder } from '../fakes/folder.ts'
import { makeProfile, runGateway, startShim } from '../fakes/shim.ts'

test('the shim is one small file that needs nothing but Node, and works', async () => {
  const dir = testFolder()
  const [config] = [await loadConfig('rolldown.config.ts')].flat() as { output: object }[]
  if (!config) throw new Error('there is no configuration for the shim')
  await build({ ...config, output: { ...config.output, dir } })
  expect(readdirSync(dir)).toEqual(['shim.js'])

  const code = readFileSync(join(dir, 'shim.js'), 'utf8')
  expect(code.length).toBeLessThan(20_000)
  const imported = [...code.matchAll(/(?:from|import)\s*\(?\s*["'`]([^"'`]+)/g)].map(([, name]) => name ?? '')
  expect(imported.length).toBeGreaterThan(4)
  expect(imported.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([])

  const profile = makeProfile()
  const gateway = await runGateway(profile)
  const { output } = await startShim(profile, { file: join(dir, 'shim.js') }).finish('hello\n')
  expect(String(output)).toBe('hello\n')
  gateway.kill()
})
