import { expect, test } from 'vitest'
import { hostsIn } from '../../../src-main/core/envelope/hosts.ts'

test('hosts are found behind any amount of text', () => {
  expect(hostsIn({ command: `${'echo hello '.repeat(50_000)}; curl https://Evil.example/x` })).toEqual({
    hosts: ['evil.example'],
    uris: ['https://Evil.example/x'],
    complete: true,
  })
})

test.each<[string, unknown]>([
  ['too many addresses', Array.from({ length: 5000 }, (_, i) => `https://h${i}.example`)],
  ['too many that are none', { text: Array.from({ length: 20_000 }, (_, i) => `a${i}://[`).join(' ') }],
  ['too many levels', JSON.parse(`${'['.repeat(80)}"https://a.example"${']'.repeat(80)}`)],
])('%s are not passed over in silence', (_what, args) => {
  expect(hostsIn(args).complete).toBe(false)
})

test('one address, however often, is no reason to refuse', () => {
  const found = hostsIn({ text: 'https://a.example/x '.repeat(50_000) })
  expect(found).toEqual({ hosts: ['a.example'], uris: ['https://a.example/x'], complete: true })
})
