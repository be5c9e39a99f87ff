import { expect, test } from 'vitest'
import type { Constraints } from '../../../shared/constraints.ts'
import { keyDeed } from '../../../src-renderer/approval/requests/keys.ts'
import { routeOf } from '../../../src-renderer/approval/route.ts'
import { lockWaitMs } from '../../../src-renderer/approval/unlock/lock-wait.ts'
import { boundWords } from '../../../src-renderer/say/bounds.ts'
import { factorWords } from '../../../src-renderer/say/risk-factor.ts'
import { timeLeftWords } from '../../../src-renderer/say/time-left.ts'

const free = { typing: false, scrolling: false }
const plain = {
  key: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
}

test.each([
  ['Escape denies', { key: 'Escape' }, free, 'deny'],
  ['also where text is entered', { key: 'Escape' }, { ...free, typing: true }, 'deny'],
  ['Enter alone allows nothing', { key: 'Enter' }, free, null],
  ['Ctrl+Enter allows', { key: 'Enter', ctrlKey: true }, free, 'allow'],
  ['⌘+Enter allows, also from a field', { key: 'Enter', metaKey: true }, { ...free, typing: true }, 'allow'],
  ['a held key allows nothing', { key: 'Enter', ctrlKey: true, repeat: true }, free, null],
  ['a held Escape denies nothing more', { key: 'Escape', repeat: true }, free, null],
  ['what is being composed is text', { key: 'Enter', ctrlKey: true, isComposing: true }, free, null],
  ['D shows details', { key: 'd' }, free, 'details'],
  ['D in a field is a letter', { key: 'd' }, { ...free, typing: true }, null],
  ['Ctrl+D is the browser’s', { key: 'd', ctrlKey: true }, free, null],
  ['arrows step', { key: 'ArrowDown' }, free, 'next'],
  ['back too', { key: 'ArrowUp' }, free, 'previous'],
  ['arrows scroll what is scrolled', { key: 'ArrowDown' }, { ...free, scrolling: true }, null],
])('%s', (_what, key, where, deed) => {
  expect(keyDeed({ ...plain, ...key }, where)).toBe(deed)
})

test.each([
  ['/', { page: 'requests', id: null }],
  ['/approvals/apr_1', { page: 'requests', id: 'apr_1' }],
  ['/servers', { page: 'servers' }],
  ['/servers/my.files', { page: 'server', name: 'my.files' }],
  ['/policy', { page: 'policy' }],
  ['/clients/new', { page: 'new-client' }],
  ['/clients/client_1', { page: 'client', id: 'client_1' }],
  ['/resume', { page: 'resume' }],
  ['/override', { page: 'override' }],
  ['/incidents/incident_01', { page: 'incident', id: 'incident_01' }],
  ['/presence', { page: 'presence' }],
  ['/what/ever', { page: 'requests', id: null }],
  ['/servers/%E0%A4%A', { page: 'server', name: '%E0%A4%A' }],
])('%s is a place', (at, route) => {
  expect(routeOf(at)).toEqual(route)
})

test.each([
  [0, 'time is up'],
  [1, '1 s left'],
  [99_000, '99 s left'],
  [100_000, '2 min left'],
  [540_000, '9 min left'],
  [8 * 3_600_000, '8 h left'],
])('%i ms are told in few words', (ms, words) => {
  expect(timeLeftWords(ms)).toBe(words)
})

test.each([
  ['the PIN is wrong: locked for 30 s', 30_000],
  ['too many wrong PINs: try again in 2 min', 120_000],
  ['the PIN is wrong: 2 tries left', 0],
])('%s', (message, ms) => {
  expect(lockWaitMs(message)).toBe(ms)
})

test('bounds and factors are told in words, unknown ones too', () => {
  const bounds = { max_runtime_sec: 120, max_retries: 0, network_allowlist: ['a.test', 'b.test'], max_rows: 5 }
  expect(boundWords(bounds)).toEqual([
    'is cancelled after 2 min',
    'is never repeated by itself',
    'may reach only a.test, b.test',
    'may give back at most 5 rows',
  ])
  expect(boundWords({ later: 5 } as Constraints)).toEqual(['is bounded by later'])
  expect(factorWords({ name: 'action.write', points: 30, detail: 'write' })).toBe('it changes something')
  expect(factorWords({ name: 'new_one', points: 1, detail: 'x' })).toBe('new one: x')
})
