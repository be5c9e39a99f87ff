import { expect, test } from 'vitest'
import { plainSentence, requestSentence } from '../../../src-renderer/say/request-sentence.ts'
import type { SentenceFacts } from '../../../src-renderer/say/sentence-part.ts'

const home = '/home/ana'
const client = { id: 'c', name: 'Cursor', identity: 'verified', pid: 8123 } as const
type Rest = Partial<SentenceFacts>

function sentence(tool: string, args: unknown, rest: Rest = {}): string {
  const text = typeof args === 'string' ? args : JSON.stringify(args)
  const call: SentenceFacts = {
    server: 'files',
    kind: 'tool',
    tool,
    action: 'write',
    arguments: text,
    resources: [],
    ...rest,
  }
  return plainSentence(requestSentence({ ...call, client }, home)).replace('Cursor wants to ', '')
}

const read: Rest = { action: 'read' }
const destructive: Rest = { action: 'destructive' }

test.each<[what: string, tool: string, args: unknown, rest: Rest, deed: string]>([
  ['writing', 'write_file', { path: '/home/ana/proj/a.md', content: 'x' }, {}, 'write a.md in ~/proj'],
  ['overwriting', 'write_file', { path: '/home/ana/a.md' }, destructive, 'create or overwrite a.md in ~'],
  ['editing', 'editFile', { file_path: '/home/ana/proj/a.md' }, {}, 'edit a.md in ~/proj'],
  ['reading', 'read_text_file', { path: '/etc/hosts' }, read, 'read hosts in /etc'],
  ['reading at the root', 'read_file', { path: '/swapfile' }, read, 'read swapfile in /'],
  ['reading two', 'read_multiple_files', { paths: ['/a/x', '/a/y'] }, read, 'read x and y in /a'],
  ['reading two apart', 'read_multiple_files', { paths: ['/a/b/x', '/a/c/y'] }, read, 'read 2 files in /a'],
  [
    'deleting three',
    'delete_files',
    { paths: ['src/a', 'src/b', 'src/c/d'].map((path) => `/home/ana/proj/${path}`) },
    destructive,
    'delete 3 files in ~/proj/src',
  ],
  ['moving', 'move_file', { source: '/home/ana/a', destination: '/tmp/b' }, {}, 'move ~/a to /tmp/b'],
  ['renaming', 'move_file', { source: '/srv/a', destination: '/srv/b' }, {}, 'rename a in /srv to b'],
  ['copying', 'copy_file', { from: '/srv/a', to: '/srv/b' }, {}, 'copy /srv/a to /srv/b'],
  ['a folder', 'create_directory', { path: '/home/ana/new/' }, {}, 'create the folder ~/new/'],
  ['listing', 'list_directory', { path: '/home/ana' }, read, 'list ~'],
  ['searching', 'search_files', { path: '/home/ana/p', pattern: '*' }, read, 'search ~/p'],
  ['a file address', 'read_file', { uri: 'file:///srv/a' }, read, 'read a in /srv'],
  ['a name like home', 'read_file', { path: '/home/anabel/a' }, read, 'read a in /home/anabel'],
  ['Windows', 'write_file', { path: 'C:\\work\\a.md' }, {}, 'write a.md in C:\\work'],
])('%s of files', (_what, tool, args, rest, deed) => {
  expect(sentence(tool, args, rest)).toBe(deed)
})

test('a path is told as the gateway resolved it, where that is beyond doubt', () => {
  const resources = ['/home/ana/.ssh/id_ed25519']
  expect(sentence('read_file', { path: './notes' }, { ...read, resources })).toBe('read id_ed25519 in ~/.ssh')
  const several = ['/srv/a/notes', '/srv/notes', '/srv/other']
  expect(sentence('read_file', { path: 'a/notes' }, { ...read, resources: several })).toBe('read notes in /srv/a')
  expect(sentence('read_file', { path: 'notes' }, { ...read, resources: several })).toBe('read notes')
})

test.each<[what: string, tool: string, args: unknown, rest: Rest]>([
  ['says it reads, and may delete', 'read_file', { path: '/a' }, destructive],
  ['lists, and may write', 'list_directory', { path: '/a' }, { action: 'write' }],
  ['has a path in a repository', 'get_file', { owner: 'o', repo: 'r', path: 'README.md' }, read],
  ['has no arguments that we know', 'create_issue', { title: 'x' }, {}],
  ['has arguments that are no object', 'write_file', '["a"]', {}],
  ['has arguments that are no JSON', 'write_file', '{', {}],
  ['looks for words of SQL', 'search', { query: 'select a hotel' }, read],
])('a tool that %s is told by its name, and by what it was reviewed as', (_what, tool, args, rest) => {
  const tails = { read: 'only reads', write: 'changes something', destructive: 'may delete or overwrite' }
  expect(sentence(tool, args, rest)).toBe(`run files › ${tool}, which ${tails[rest.action ?? 'write']}`)
})

test.each<[what: string, tool: string, args: unknown, deed: string]>([
  ['a command', 'run_command', { command: 'git push --force', cwd: '/home/ana/p' }, 'run git push --force in ~/p'],
  ['words', 'exec', { command: ['rm', '-rf', 'a b'] }, "run rm -rf 'a b'"],
  ['a program and its words', 'run', { command: 'npm', args: ['test'] }, 'run npm test'],
  ['a script', 'bash', { script: 'cd x\nrm y\n' }, 'run a script of 2 lines'],
  ['a long command', 'shell', { cmd: `echo ${'x'.repeat(95)}` }, 'run a command of 100 characters'],
  ['one that hides something', 'shell', { cmd: 'ls \u202etxt' }, 'run a command of 7 characters'],
  ['a query', 'query', { sql: 'SELECT * FROM a' }, 'run SQL with SELECT'],
  ['a change', 'execute_sql', { query: "with x as (delete from a) select 'drop'" }, 'run SQL with DELETE and SELECT'],
  ['a database', 'query', { sql: 'drop table a', database: 'shop' }, 'run SQL with DROP on shop'],
])('%s is told', (_what, tool, args, deed) => {
  expect(sentence(tool, args)).toBe(deed)
})

test.each<[what: string, tool: string, args: unknown]>([
  ['two commands', 'run_command', { command: 'ls', cmd: 'rm -rf /' }],
  ['a command in words and one in a line', 'run_command', { command: ['ls'], script: 'rm -rf /' }],
  ['two lists of words', 'run', { command: ['ls'], argv: ['rm', '-rf', '/'] }],
  ['a command and something that is none', 'run', { command: 'ls', cmd: { run: 'rm' } }],
  ['two lists of arguments', 'run', { command: 'git', args: ['status'], arguments: ['push'] }],
  ['arguments that are neither words nor a line', 'run', { command: 'git', args: { 0: 'push' } }],
  ['two statements', 'query', { sql: 'select 1', statement: 'drop table a' }],
  ['a statement and a command', 'run', { sql: 'select 1', command: 'rm -rf /' }],
  ['two addresses', 'fetch', { url: 'https://a.test', endpoint: 'https://evil.test' }],
  ['two paths', 'write_file', { path: '/a', target_file: '/etc/passwd' }],
  ['a path and a list of paths', 'delete_files', { paths: ['/a'], path: '/etc/passwd' }],
  ['a path and where it goes', 'write_file', { path: '/a', destination: '/etc/passwd' }],
  ['two places to go', 'move_file', { source: '/a', destination: '/b', dst: '/etc/passwd' }],
])('with %s the sentence names none of them', (_what, tool, args) => {
  expect(sentence(tool, args)).toBe(`run files › ${tool}, which changes something`)
})

test('the same said twice, and what is empty beside it, is told', () => {
  expect(sentence('run', { command: 'ls', cmd: 'ls', argv: [], script: ' ' })).toBe('run ls')
  expect(sentence('bash', { command: 'npm', args: 'test -- a' })).toBe('run npm test -- a')
  expect(sentence('write_file', { path: '/a/x', file_path: '/a/x', paths: [] })).toBe('write x in /a')
  expect(sentence('query', { sql: 'select 1', query: 'select 1' })).toBe('run SQL with SELECT')
  expect(sentence('run', { command: 'ls', cwd: '/a', dir: '/b' })).toBe('run ls')
})

test('every verb that some dialect would run is told', () => {
  expect(sentence('query', { sql: "select '\\'; drop table a; --'" })).toBe('run SQL with SELECT and DROP')
  expect(sentence('query', { sql: 'select 1 /*! ; truncate a */' })).toBe('run SQL with SELECT and TRUNCATE')
  expect(sentence('query', { sql: "select $$'$$; drop table a; select $$'$$" })).toBe('run SQL with SELECT and DROP')
  expect(sentence('query', { sql: 'select 1 -- drop' })).toBe('run SQL with SELECT')
})

test.each<[what: string, tool: string, args: unknown, rest: Rest, deed: string]>([
  ['a page', 'fetch', { url: 'https://example.com/docs' }, read, 'fetch example.com/docs'],
  ['who it really goes to', 'fetch', { url: 'https://github.com@evil.test/' }, read, 'fetch evil.test'],
  ['a name that only looks like another', 'fetch', { url: 'https://аpple.com' }, read, 'fetch xn--pple-43d.com'],
  ['what is opened', 'browser_navigate', { url: 'http://localhost:80/x' }, read, 'open localhost/x'],
  ['a long address', 'fetch', { url: `https://a.test/${'x'.repeat(90)}` }, read, 'fetch a page of a.test'],
  ['what is sent', 'http_request', { url: 'https://a.test/x', method: 'post' }, {}, 'send a POST request to a.test/x'],
  ['a fetch that changes', 'fetch', { url: 'https://a.test/x' }, {}, 'send a request to a.test'],
])('%s is told', (_what, tool, args, rest, deed) => {
  expect(sentence(tool, args, rest)).toBe(deed)
})
