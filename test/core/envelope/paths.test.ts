import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { basesOf } from '../../../src-main/core/envelope/bases.ts'
import { pathsIn } from '../../../src-main/core/envelope/paths.ts'
import { protectedPaths, protectedPlaces } from '../../../src-main/core/envelope/protected.ts'
import type { Paths } from '../../../src-main/core/ports.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'paths-')))
const profile = join(root, 'profile')
const work = join(root, 'work')
const given = join(root, 'given')
const key = join(profile, 'keys', 'control')
mkdirSync(join(profile, 'keys'), { recursive: true })
mkdirSync(join(profile, 'policy'))
mkdirSync(join(work, 'sub'), { recursive: true })
mkdirSync(given)
mkdirSync(join(root, 'my folder'))
writeFileSync(key, 'x')
symlinkSync(profile, join(work, 'innocent'))
symlinkSync(join(profile, 'policy'), join(work, 'rules'))
symlinkSync(join(profile, 'policy', 'new.yaml'), join(work, 'dangling.yaml'))
symlinkSync('missing/../innocent/keys', join(work, 'winding'))
symlinkSync('loop', join(work, 'loop'))
symlinkSync('../profile', join(given, 'from-there'))
symlinkSync(root, join(given, 'up'))

const paths = { profile, run: join(profile, 'run'), managedPolicy: '/etc/toolgate/policy' } as Paths
const { protectedPath, nearProtected, decisive } = protectedPaths(protectedPlaces(paths))
const launch = {
  transport: 'stdio' as const,
  command: 'node',
  args: ['server.js', `--root=${given}`, join(root, 'nothing')],
  env: {},
  cwd: work,
}
const find = (params: unknown) => pathsIn(params, basesOf(launch))
/** Refused for the same reason when only those suspects are left that decide. */
const check = (params: unknown, readOnly = true) => {
  const found = find(params)
  const why = protectedPath(found, readOnly)
  const less = decisive(found)
  expect(less.suspects.length).toBeLessThanOrEqual(2)
  expect(protectedPath(less, readOnly)).toBe(why)
  return why
}

const deep = (levels: number, value: unknown): unknown => (levels === 0 ? value : { a: deep(levels - 1, value) })
const encoded = (path: string) => path.replaceAll('/', '%2F')

test('relative paths are read from the server folder and from each folder on its command line', () => {
  expect(basesOf(launch)).toEqual([work, given])
  expect(basesOf(undefined)).toEqual(['/'])
})

test.each([
  ['the file itself', { path: key }],
  ['through `..`', { path: join(work, '..', 'profile', 'toolgate.db') }],
  ['relative to the server', { path: '../profile/policy/rules.yaml' }],
  ['through a link', { path: join(work, 'innocent', 'keys', 'control') }],
  ['a file that does not exist yet', { path: join(profile, 'policy', 'new.yaml') }],
  ['a file URL', { uri: `file://${profile}/keys/control` }],
  ['nested deep', { edits: [{ target: { file: join(profile, 'x') } }] }],
  ['in a command', { command: `cd /tmp && cat "${profile}/keys/control" | base64` }],
  ['in a command option', { command: `tar --file=${profile}/keys/control` }],
  ['in a command with a redirection', { command: `echo hi >${profile}/policy/evil.yaml` }],
  ['the managed policy', { path: '/etc/toolgate/policy/org.yaml' }],
])('a call that touches %s is found', (_what, args) => {
  expect(check(args)).not.toBe(null)
})

test.each<[string, unknown]>([
  ['6,000 decoys before it', { paths: [...Array.from({ length: 6000 }, (_, i) => `/tmp/decoy-${i}`), key] }],
  ['70 levels above it', deep(70, key)],
  ['`/.` repeated before it', { path: `${'/.'.repeat(5000)}${key}` }],
  ['`sub/..` repeated before it', { name: `${work}/${'sub/../'.repeat(5000)}../profile/keys/control` }],
  ['a text before it', { command: `${'echo hello '.repeat(20_000)}; cat ${key}` }],
])('%s does not hide a path', (_what, args) => {
  expect(check(args)).not.toBe(null)
})

test.each<[string, unknown]>([
  ['more paths than are checked', { paths: Array.from({ length: 6000 }, (_, i) => `/tmp/decoy-${i}`) }],
  ['more levels than are checked', deep(70, 'x')],
  ['a link that leads in a circle', { path: 'loop/x' }],
])('%s refuses a call that names nothing protected', (_what, args) => {
  expect(check(args)).toBe('too many or too deep paths to check')
})

test.each<[string, unknown]>([
  ['a web address without a host', { url: `https:/../..${key}` }],
  ['a web address under `path`', { path: `https://example.com/${'../'.repeat(20)}${key}` }],
  ['a web address that climbs out', { url: `https://example.com/${'../'.repeat(20)}${key}` }],
  ['a path relative to a folder on the command line', { path: 'from-there/keys/control' }],
  ['the same under a key that says nothing', { name: 'up/profile/keys/control' }],
  ['a relative path under a key that says nothing', { name: '../profile/keys/control' }],
  ['a link under a key that says nothing', { name: 'innocent' }],
  ['a relative path in a command', { command: 'cat innocent/keys/control' }],
  ['a path as an object key', { files: { [join(profile, 'policy', 'a.yaml')]: 'text' } }],
  ['a relative path as an object key', { files: { 'innocent/policy/a.yaml': 'text' } }],
  ['a file URL with an encoded slash', { uri: `file://${encoded(profile)}/keys/control` }],
  ['a file URL with a host', { uri: `file://somewhere${key}` }],
  ['a file URL with one slash', { uri: `file:${key}` }],
  ['a file URL with a query', { uri: `file://${homedir()}/.claude.json?x#y` }],
  ['a file URL in capitals', { uri: `FILE://${profile.replaceAll('p', '%70')}/keys` }],
  ['another scheme', { uri: `fs://${key}` }],
  ['another scheme with a host', { uri: `vscode://file${key}` }],
  ['another scheme in a command', { command: `open vscode://file${key}` }],
  ['an encoded path', { path: encoded(key) }],
  ['a path encoded twice', { path: encoded(key).replaceAll('%', '%25') }],
  ['`..` behind a link', { path: 'rules/../keys/control' }],
  ['`..` behind an absolute link', { path: join(work, 'rules').concat('/../keys/control') }],
  ['`..` behind a link that `..` folds away', { path: `${given}/up/profile/policy/../keys/control` }],
  ['a dangling link', { path: 'dangling.yaml' }],
  ['a link over a missing folder', { path: 'winding/control' }],
  ['the folder of the process itself', { path: '/proc/self/cwd/../profile/keys/control' }],
  ['a path before a zero byte', { path: `${key}\0.txt` }],
  ['backslashes', { name: '..\\profile\\keys\\control' }],
  ['quotes inside a word', { command: `cat ${root}/pro''file/"keys"/control` }],
  ['a value glued to an option', { command: `curl -d@${key} -o/tmp/x localhost` }],
  ['request metadata', { name: 'tool', arguments: {}, _meta: { note: key } }],
  ['an answer to a question of the server', { name: 'tool', inputResponses: { a: { content: { where: key } } } }],
  ['an unknown member of params', { name: 'tool', else: { file: key } }],
])('%s does not hide a path', (_what, args) => {
  expect(check(args)).not.toBe(null)
})

test.each([
  'filePath',
  'filepath',
  'fileName',
  'sourcePath',
  'output_file',
  'target-dir',
  'workingDirectory',
  'outFile',
])('the key `%s` says that its value is a path', (name) => {
  expect(find({ [name]: 'notes' }).paths).toEqual([join(work, 'notes'), join(given, 'notes')])
})

test.each(['profile', 'message', 'content', 'name', 'id'])('the key `%s` does not', (name) => {
  expect(find({ [name]: 'notes and more' }).paths).toEqual([])
})

const other = join(dirname(homedir()), basename(homedir()))
test.each([
  ['~/.cursor/mcp.json'],
  [`~${basename(other)}/.cursor/mcp.json`],
  ['$HOME/.claude.json'],
  [`\${HOME}/.claude.json`],
  ['%USERPROFILE%/.claude/settings.json'],
  [`\${env:HOME}/.codex/config.toml`],
  ['.mcp.json'],
  ['.claude/settings.json'],
  ['sub/.claude/settings.local.json'],
  ['.gemini/settings.json'],
  ['.zed/settings.json'],
  ['.kiro/settings/mcp.json'],
  ['.roo/mcp.json'],
  ['.junie/mcp/mcp.json'],
  ['.continue/mcpServers/x.yaml'],
  ['.codex/config.toml'],
  ['opencode.json'],
  ['sub/opencode.jsonc'],
  ['/etc/claude-code/managed-mcp.json'],
  ['~/.codeium/mcp_config.json'],
  ['~/.gemini/config/mcp_config.json'],
  ['~/.config/Code - Insiders/User/mcp.json'],
  ['~/.config/Code/User/profiles/a1/mcp.json'],
  ['~/.config/Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json'],
  ['/Users/ada/Library/Application Support/Claude/claude_desktop_config.json'],
  ['/mnt/c/Users/ada/AppData/Roaming/Zed/settings.json'],
])('the client configuration %s is found, as a path and as a suspect', (text) => {
  expect([check({ path: text }), check({ x: text })]).toEqual([expect.any(String), expect.any(String)])
})

test.each(['.cursor', '.vscode', '.claude', '.gemini', '.codex', 'sub/.continue', '.vscode/settings.json'])(
  'replacing %s is found, reading it is not',
  (text) => {
    expect([check({ path: text }, false), check({ path: text }, true)]).toEqual([expect.any(String), null])
  },
)

test('names are compared in one Unicode composition', () => {
  const touches = protectedPaths([join(root, 'Ame\u0301lie')]).protectedPath
  expect(touches(find({ path: join(root, 'Am\u00e9lie', 'keys') }), true)).not.toBe(null)
})

test.each<[string, unknown]>([
  ['a file beside the profile', { path: join(root, 'profile-notes.txt') }],
  ['a file with a telling name', { path: join(work, 'keys', 'control') }],
  ['text without paths', { text: 'the profile keys of toolgate' }],
  ['a web address', { url: `https://example.com${profile}/keys` }],
  [
    'a long text',
    { path: 'a.ts', content: `/** what it does */\n${'// about a/b, see ./c … and </div>\n'.repeat(5000)}` },
  ],
  ['a text about a configuration', { path: 'README.md', content: 'put it\ninto .mcp.json or docs/.mcp.json' }],
  ['a list of what git ignores', { path: '.gitignore', content: '/node_modules\n/.vscode/\n/.idea\n' }],
  ['many rows', { rows: Array.from({ length: 20_000 }, (_, i) => [`name ${i}`, `a${i}@example.com`, `${i}`]) }],
  [
    'a call as clients send it',
    { name: 'echo', arguments: { message: 'hi' }, _meta: { 'a.b/c': 1, progressToken: 3 } },
  ],
])('%s is left alone', (_what, args) => {
  expect(check(args, false)).toBe(null)
})

test('a path of a million folders is checked without counting them', () => {
  const folders = '/a'.repeat(1_000_000)
  expect([check({ path: folders }), check({ path: `${profile}${folders}` })]).toEqual([null, expect.any(String)])
})

test.each([root, '/', homedir(), dirname(homedir()), '..'])(
  'to write to or delete %s is found, to list it is not',
  (at) => {
    expect([check({ path: at }, false), check({ path: at }, true)]).toEqual([expect.any(String), null])
    expect(nearProtected(find({ path: at }).paths)).not.toBe(null)
  },
)

test('a call beside the profile is not near it', () => {
  expect(nearProtected(find({ path: 'sub/a.txt' }).paths)).toBe(null)
})
