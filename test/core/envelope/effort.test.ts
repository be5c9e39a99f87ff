import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { createEffort } from '../../../src-main/core/envelope/effort.ts'
import { hostsIn } from '../../../src-main/core/envelope/hosts.ts'
import { folded } from '../../../src-main/core/envelope/links.ts'
import { pathsIn } from '../../../src-main/core/envelope/paths.ts'

/**
 * What is looked through for one call is counted before it is done, so that no call holds up the others. Counted here is work, not
 * time, which would measure who else uses this machine.
 */
const MiB = 1 << 20

const source = [
  "import { first } from '../../elsewhere/first.ts'",
  '// why it is done so, in a hundred words or less (100% of them)',
  'export function second(value: string): string | null {',
  "  if (value === 'nothing') return null",
  "  return value.trim().split(/\\s+/g).map(first).join(' ')",
  '}\n',
].join('\n')

function repeated(part: string): string {
  return part.repeat(Math.ceil(MiB / part.length)).slice(0, MiB)
}

function listed(part: (index: number) => string): string[] {
  const found: string[] = []
  for (let length = 0; length < MiB; length += (found.at(-1)?.length ?? 0) + 3) found.push(part(found.length))
  return found
}

function membersOf(part: (index: number) => string): Record<string, number> {
  return Object.fromEntries(listed(part).map((name) => [name, 1]))
}

/** Whether arguments were looked through whole, and what was spent on them. */
function look(args: unknown) {
  const effort = createEffort()
  const { complete } = pathsIn({ arguments: args }, ['/srv'], effort)
  return { complete, spent: effort.spent() }
}

test.each<[string, unknown]>([
  ['words of a command', { command: listed((index) => `x${index}`).join(' ') }],
  ['quoted words of a command', { command: listed((index) => `'x${index}'`).join(' ') }],
  ['half quoted words', { command: listed((index) => `"x\\ ${index}"`).join(' ') }],
  ['backslashes', { command: repeated('\\a') }],
  ['quotes that never close', { command: repeated(`'a"`) }],
  ['escapes behind escapes', { text: repeated('%25252f/..\\') }],
  ['escaped slashes before upward steps', { path: repeated('%25252f/..') }],
  ['paths in JSON in a string', { text: JSON.stringify(listed((index) => `/a${index}`)) }],
  ['a name of one MiB', { [repeated('aB')]: 'x' }],
  ['names', { rows: listed((index) => `a${index}`).map((name) => ({ [name]: 'x' })) }],
  ['members', membersOf((index) => `k${index}`)],
  ['names that may be files', { rows: listed((index) => `n${index}.t`) }],
])('1 MiB of %s is more than is looked through, and nobody says that it is harmless', (_, args) => {
  expect(look(args).complete).toBe(false)
})

test.each<[string, unknown]>([
  ['plain text', { text: repeated('Some words. And others, as people write them: "quoted", too.\n') }],
  ['source text', { content: repeated(source) }],
  [
    'a table',
    { rows: Array.from({ length: 20_000 }, (_, id) => ({ id, name: `name ${id}`, at: '2026-01-01T00:00:00Z' })) },
  ],
  ['upward steps to nowhere', { path: repeated('/usr/zz/..') }],
  ['one long word', { text: repeated('a') }],
  ['base64', { data: Buffer.alloc(MiB / 2, 'some bytes').toString('base64') }],
])('1 MiB of %s is looked through whole, and twice as much costs no more than twice', (_, args) => {
  const once = look(args)
  expect(once.complete).toBe(true)
  const twice = look([args, args])
  // What is over the limit has cost the limit, and no more.
  if (twice.complete) expect(twice.spent).toBeLessThan(2.1 * once.spent)
})

test('a protected place is found behind as much text as is looked through', () => {
  const found = pathsIn({ note: `${'x/../'.repeat(100_000)}../etc/toolgate` }, ['/srv'])
  expect(found.suspects).toContain('/etc/toolgate')
  expect(found.complete).toBe(true)
})

test.each(['/a/../b/./c//d/..', '/../../x', '/', '/a/b/../../..', '/x/..'])(
  'a long path is folded as a short one: %s',
  (path) => {
    expect(folded(`${path}${'/.'.repeat(4_096)}`)).toBe(resolve(path))
    expect(folded(`${'/q/..'.repeat(4_096)}${path}`)).toBe(resolve(path))
  },
)

test('of a path that no system opens only the beginning is kept, of one that leads out again nothing is lost', () => {
  const long = `/etc/toolgate${'/a'.repeat(100_000)}`
  expect(folded(long).length).toBeLessThan(10_000)
  expect(folded(long).startsWith('/etc/toolgate/a/a/')).toBe(true)
  expect(folded(`${long}${'/..'.repeat(100_001)}/x`)).toBe('/etc/x')
})

test('addresses are found from their middle', () => {
  const text = 'see a+b://h/x, (https://Example.com/a?b) file:///etc "x-y://z" ://no 1http://one a://b'
  expect(hostsIn({ text }).uris).toEqual([
    ...['a+b://h/x,', 'https://Example.com/a?b', 'https://example.com/a?b', 'file:///etc', 'x-y://z'],
  ])
  expect(hostsIn({ text: `${repeated('a+')}://h` }).hosts).toEqual(['h'])
})
