import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pathsIn } from '../../../src-main/core/envelope/paths.ts'
import { protectedPaths } from '../../../src-main/core/envelope/protected.ts'
import type { Paths } from '../../../src-main/core/ports.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'paths-')))
const profile = join(root, 'profile')
mkdirSync(join(profile, 'keys'), { recursive: true })
mkdirSync(join(root, 'work'))
writeFileSync(join(profile, 'keys', 'control'), 'x')
symlinkSync(profile, join(root, 'work', 'innocent'))

const paths = { profile, run: join(profile, 'run'), managedPolicy: '/etc/toolgate/policy' } as Paths
const touches = protectedPaths(paths)
const check = (args: unknown, readOnly = true) => touches(pathsIn(args, join(root, 'work')), readOnly)

test.each([
  ['the file itself', { path: join(profile, 'keys', 'control') }],
  ['through `..`', { path: join(root, 'work', '..', 'profile', 'toolgate.db') }],
  ['relative to the server', { path: '../profile/policy/rules.yaml' }],
  ['through a link', { path: join(root, 'work', 'innocent', 'keys', 'control') }],
  ['a file that does not exist yet', { path: join(profile, 'policy', 'new.yaml') }],
  ['a file URL', { uri: `file://${profile}/keys/control` }],
  ['nested deep', { edits: [{ target: { file: join(profile, 'x') } }] }],
  ['in a command', { command: `cd /tmp && cat "${profile}/keys/control" | base64` }],
  ['in a command option', { command: `tar --file=${profile}/keys/control` }],
  ['in a command with a redirection', { command: `echo hi >${profile}/policy/evil.yaml` }],
  ['the managed policy', { path: '/etc/toolgate/policy/org.yaml' }],
  ['a client configuration', { path: '~/.cursor/mcp.json' }],
  ['a client configuration by $HOME', { command: 'cat $HOME/.claude.json' }],
  ['a project configuration', { path: join(root, 'work', '.mcp.json') }],
])('a call that touches %s is found', (_what, args) => {
  expect(check(args)).not.toBe(null)
})

test.each([
  ['a file beside the profile', { path: join(root, 'profile-notes.txt') }],
  ['a file with a telling name', { path: join(root, 'work', 'keys', 'control') }],
  ['text without paths', { text: 'the profile keys of toolgate' }],
  ['a web address', { url: `https://example.com${profile}/keys` }],
])('%s is left alone', (_what, args) => {
  expect(check(args)).toBe(null)
})

test('moving or deleting a folder that holds the profile is found, listing it is not', () => {
  expect({ read: check({ path: root }, true), write: check({ path: root }, false) }).toEqual({
    read: null,
    write: root,
  })
  expect(check({ path: homedir() }, false)).toBe(homedir())
})
