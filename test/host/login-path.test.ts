import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loginPath } from '../../src-main/host/login-path.ts'
import { testFolder } from '../fakes/folder.ts'
import { until } from '../fakes/processes.ts'

const person = (home: string, shell: string | null, timeoutMs = 30_000) => ({
  ...{ shell, home, timeoutMs },
  ...{ name: 'me', path: '/usr/bin:/bin' },
})

test.skipIf(!existsSync('/bin/bash'))(
  'the PATH is what the files of a login shell make of it, whatever else they print',
  async () => {
    const home = testFolder()
    const rc = 'echo "welcome, $USER"\nexport PATH="$HOME/bin:relative:$PATH"\nprintenv PATH\nsleep 5 &\n'
    writeFileSync(join(home, '.bash_profile'), rc)
    const folders = (await loginPath(person(home, '/bin/bash')))?.split(':') ?? []
    expect(folders[0]).toBe(`${home}/bin`)
    expect(folders).toContain('/usr/bin')
    expect(folders.filter((folder) => !folder.startsWith('/'))).toEqual([])
  },
)

test.skipIf(!existsSync('/bin/bash'))('a shell that takes too long is ended with all that it started', async () => {
  const home = testFolder()
  writeFileSync(join(home, '.bash_profile'), 'sleep 1000 & echo $! > "$HOME/child"\nread -r nothing < <(sleep 1000)\n')
  expect(await loginPath(person(home, '/bin/bash', 1_500))).toBeNull()
  const child = Number(readFileSync(join(home, 'child'), 'utf8'))
  expect(child).toBeGreaterThan(0)
  await until('its child has ended', () => !isAlive(child))
})

test.each([
  ['no shell', null],
  ['a shell that is not there', '/nowhere/bash'],
  ['a program that is no shell', '/usr/bin/env'],
  ['a relative shell', 'bash'],
])('%s says nothing', async (_what, shell) => {
  expect(await loginPath(person(testFolder(), shell))).toBeNull()
})

test('a shell whose files end it before it answers says nothing', async () => {
  const home = testFolder()
  writeFileSync(join(home, '.bash_profile'), 'exit 3\n')
  writeFileSync(join(home, '.profile'), 'exit 3\n')
  expect(await loginPath(person(home, existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh'))).toBeNull()
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
