import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readAsked } from '../../src-main/shim/hook/read-asked.ts'
import { runHook } from '../../src-main/shim/hook/run-hook.ts'
import { testFolder } from '../fakes/folder.ts'

/** A folder to work in with so many files, beside one that holds a secret. */
function workplace(files: number) {
  const folder = testFolder()
  const cwd = join(folder, 'work')
  mkdirSync(cwd)
  const names = Array.from({ length: files }, (_, index) => `f${index}`)
  for (const name of names) writeFileSync(join(cwd, name), '')
  writeFileSync(join(folder, 'secret'), '')
  const says = (command: string) => JSON.stringify({ tool_name: 'Bash', cwd, tool_input: { command } })
  const pathsOf = (command: string) => readAsked('claude-code', says(command)).arguments.paths as string[]
  return { folder, cwd, names, says, pathsOf }
}

test('a path counts once, however often and in whatever way a command names it', () => {
  const { folder, cwd, pathsOf } = workplace(1)
  const padding = Array.from({ length: 300 }, (_, index) => './'.repeat(index + 1)).join(' ')
  expect(pathsOf(`ls -d ${padding}; cat f0 ./f0 ../work/f0 ../secret`)).toEqual([
    cwd,
    join(cwd, 'f0'),
    join(folder, 'secret'),
  ])
})

test('200 paths are named, all of them, and words that are none do not count', () => {
  const { folder, names, pathsOf } = workplace(199)
  const missing = names.map((name) => `no-${name}`).join(' ')
  const paths = pathsOf(`cat ${missing} ${names.join(' ')} ../secret`)
  expect(paths).toHaveLength(200)
  expect(paths.at(-1)).toBe(join(folder, 'secret'))
})

test('a command that names more is refused, and nobody is asked', async () => {
  const { names, says } = workplace(200)
  const said = says(`cat ${names.join(' ')} ../secret`)
  const why = 'the command names more than 200 files and folders'
  expect(() => readAsked('claude-code', said)).toThrow(why)
  const asking = () => Promise.reject(new Error('somebody was asked'))
  expect(await runHook('claude-code', Readable.from([Buffer.from(said)]), asking)).toEqual({
    code: 2,
    out: '',
    err: `Toolgate could not decide, so this may not run: ${why}\n`,
  })
  const cursor = JSON.stringify({
    hook_event_name: 'beforeShellExecution',
    ...JSON.parse(said).tool_input,
    cwd: JSON.parse(said).cwd,
  })
  const end = await runHook('cursor', Readable.from([Buffer.from(cursor)]), asking)
  expect({ code: end.code, permission: JSON.parse(end.out).permission }).toEqual({ code: 0, permission: 'deny' })
})
