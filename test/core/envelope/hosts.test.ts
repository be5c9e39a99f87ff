import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostsIn, plainHost } from '../../../src-main/core/envelope/hosts.ts'
import { campaign } from '../../fakes/campaign.ts'

test('hosts are found behind any amount of text', () => {
  expect(hostsIn({ command: `${'echo hello '.repeat(50_000)}; curl https://Evil.example/x` })).toEqual({
    hosts: ['evil.example'],
    uris: ['https://Evil.example/x', 'https://evil.example/x'],
    complete: true,
  })
})

test.each<[string, unknown]>([
  ['too many addresses', Array.from({ length: 5000 }, (_, i) => `https://h${i}.example`)],
  ['too many that are none', { text: Array.from({ length: 20_000 }, (_, i) => `a${i}://[`).join(' ') }],
  ['too many levels', JSON.parse(`${'['.repeat(80)}"https://a.example"${']'.repeat(80)}`)],
  ['a word of addresses within addresses', { text: Array.from({ length: 20_000 }, (_, i) => `a${i}://)`).join('') }],
  ['a word of backslashes and schemes', { text: 'http:\\a@'.repeat(40_000) }],
])('%s are not passed over in silence', (_what, args) => {
  expect(hostsIn(args).complete).toBe(false)
})

test.each<[string, string]>([
  ['one address, however often,', 'https://a.example/x '.repeat(50_000)],
  ['a text that begins with one', `https://a.example/x ${'überall Wörter '.repeat(100_000)}`],
  ['a long list', Array.from({ length: 3000 }, (_, i) => `https://a.example/${i}`).join(',')],
  ['a long list of links', Array.from({ length: 3000 }, (_, i) => `[${i}](https://a.example/${i}), `).join('')],
  ['what only begins like one', `https:${'überall Wörter '.repeat(100_000)}`],
])('%s is no reason to refuse', (_what, text) => {
  const { hosts, complete } = hostsIn({ text })
  expect(complete).toBe(true)
  expect(hosts.filter((host) => host !== 'a.example')).toEqual([])
})

test.each([
  ["await fetch('https://a.example').then((r) => r.json())", ['a.example']],
  ["const at = 'https://a.example:3000'+path", ['a.example']],
  ['`https://a.example/{path}`;', ['a.example']],
  ['see “https://a.example”, «https://b.example», and ‘https://c.example’', ['a.example', 'b.example', 'c.example']],
  ["['https://a.example','https://b.example']", ['a.example', 'b.example']],
  ["'https://good.example'@evil.example/x", ['good.example', 'evil.example']],
])('in %j a quote ends the address that it began before, unless a host may follow', (text, hosts) => {
  expect(hostsIn({ text }).hosts).toEqual(hosts)
})

test.each([
  ['https://good.example)@evil.example/x', ['evil.example', 'good.example']],
  ['https://good.example]@evil.example/x', ['evil.example', 'good.example']],
  ["https://good.example'@evil.example/x", ['evil.example', 'good.example']],
  ['https://good.example"@evil.example/x', ['evil.example', 'good.example']],
  ['https://good.example @evil.example/x', ['evil.example', 'good.example']],
  ['https://good.example\\@evil.example/x', ['good.example', 'evil.example']],
  ['https:good.example\\@evil.example/x', ['good.example', 'evil.example']],
  ['https:/evil.example/x', ['evil.example']],
  ['https:evil.example/x', ['evil.example']],
  ['https:\\\\evil.example\\x', ['evil.example']],
  ['\n\0 ht\ttps://ev\til.example/x', ['evil.example', 'ev']],
  ['\u00a0https:evil.example\ufeff', ['evil.example']],
  ['https://evil.example./x', ['evil.example']],
  ['HTTPS://EVIL.example:443/x', ['evil.example']],
  ['https://evil%2eexample/x', ['evil.example']],
  [`https://${'a'.repeat(5_000)}@evil.example/x`, ['evil.example']],
  ['ssh://good.example\\@Evil.example/x', ['evil.example', 'good.example']],
  ['https://good.example/x,https://evil.example/y', ['good.example', 'evil.example']],
])('%j leads to each host that some reader takes it for', (address, hosts) => {
  const found = hostsIn({ address }).hosts.filter((host) => !/^a+$/.test(host))
  expect(found).toEqual(hosts)
  expect(hostsIn({ [address]: 1 }).hosts).toEqual(hostsIn([[address]]).hosts)
})

test.each([
  ["curl -o x 'https://a.example' (https://b.example/x), [c](https://c.example).", ['a', 'b', 'c']],
  [JSON.stringify({ at: 'https://a.example', b: 'see <https://b.example>\nand c' }), ['a', 'b']],
  ['curl https:/a.example/x https:\\\\b.example; x https://good.example)@c.example', ['a', 'b', 'good', 'c']],
  ['curl https://a.example; (see https://b.example!) https://c.example,x https://d.example|sh', ['a', 'b', 'c', 'd']],
  ['https: no, C:\\x, a:/b, note:/c, ftp://', []],
])('within a text: %s', (text, names) => {
  const found = hostsIn({ text }).hosts.filter((host) => host.endsWith('.example'))
  expect(found).toEqual(names.map((name) => `${name}.example`))
})

test.each([
  ['https://evil.example/x', ['https://evil.example/x']],
  ['https://EVIL.example:443', ['https://EVIL.example:443', 'https://evil.example/']],
  ['https://u:p@evil.example./x', ['https://u:p@evil.example./x', 'https://evil.example/x']],
  ['HTTPS:/evil.example/a/../x', ['HTTPS://evil.example/a/../x', 'https://evil.example/x']],
  ['ssh://u@Evil.example:22/x?a#b', ['ssh://u@Evil.example:22/x?a#b', 'ssh://evil.example:22/x?a#b']],
  ['https://a.example/b /../c', ['https://a.example/c', 'https://a.example/b']],
])('%s is listed as it was written and as rules write it', (address, uris) => {
  expect(hostsIn({ address }).uris).toEqual(uris)
})

const schemes = fc.constantFrom('https:', 'HTTP:', 'ht\ttps:', 'wss:', 'ws:', 'ftp:')
const slashes = fc.constantFrom('//', '/', '', '///', '\\\\', '\\/', '/\t/')
const odd = [
  ...'@)]}\'"\\/?#:.<>{|^`,;% \t\n\u00a0\u3002é',
  '[::1]',
  '%2e',
  '%40',
  ':443',
  ':80',
  'xn--a',
  '0x7f.1',
  'a:b@',
]
const pieces = fc.array(fc.oneof(fc.constantFrom('good.example', 'evil.example', 'x'), fc.constantFrom(...odd)), {
  maxLength: 8,
})
const blanks = fc.constantFrom('', ' ', '\n', '\0', '\u001f\t ')

/** Where `fetch` would go. */
const goesTo = (text: string) => plainHost(URL.parse(text)?.hostname ?? '')

test('whatever a text is made of that is an address, the host it leads to is among those that are found', ({
  task,
}) => {
  const seed = 5
  const numRuns = campaign(task, { sample: 20_000, full: 1_000_000, seed })
  let led = 0
  fc.assert(
    fc.property(blanks, schemes, slashes, pieces, blanks, (before, scheme, two, parts, after) => {
      const text = before + scheme + two + parts.join('') + after
      const host = goesTo(text)
      if (host === '') return
      led++
      expect([text, hostsIn({ a: [text] }).hosts]).toEqual([text, expect.arrayContaining([host])])
    }),
    { numRuns, seed },
  )
  expect(led).toBeGreaterThan(numRuns / 4)
})

test('the same of a word in a text that begins with a scheme and a slash', ({ task }) => {
  const seed = 6
  const numRuns = campaign(task, { sample: 20_000, full: 1_000_000, seed })
  let led = 0
  fc.assert(
    fc.property(fc.constantFrom('https:', 'FTP:'), fc.constantFrom('/', '//', '\\'), pieces, (scheme, two, parts) => {
      const [word = ''] = (scheme + two + parts.join('')).split(/[\s"]/)
      const host = goesTo(word)
      // What closes around an address ends it in a text.
      if (host === '' || /['<>\\)\]},.;:!]$/.test(word)) return
      led++
      expect([word, hostsIn({ a: `get ${word} now` }).hosts]).toEqual([word, expect.arrayContaining([host])])
    }),
    { numRuns, seed },
  )
  expect(led).toBeGreaterThan(numRuns / 4)
})
