import { expect, test } from 'vitest'
import { createEventParser } from '../../../../src-main/core/upstream/http/event-parser.ts'

/** What comes of a stream, whole and in pieces of every size, which must be the same. */
function parsed(text: string | Buffer, limit = 1000) {
  const bytes = Buffer.from(text)
  const once = (size: number) => {
    const events: [string, string][] = []
    const heads: string[] = []
    const parser = createEventParser({
      limit,
      event: ({ type, data }) => events.push([type, data.toString('latin1')]),
      tooLarge: (head) => heads.push(head.toString('latin1')),
    })
    for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size))
    return { events, heads, lastId: parser.lastId(), retryMs: parser.retryMs() }
  }
  const whole = once(Math.max(bytes.length, 1))
  for (const size of [1, 2, 3, 7]) {
    const { heads, ...rest } = once(size)
    expect({ ...rest, heads: heads.length }).toEqual({ ...whole, heads: whole.heads.length })
  }
  return whole
}

test.each<[string, string, [string, string][]]>([
  [
    'line feeds',
    'data: a\n\ndata: b\n\n',
    [
      ['message', 'a'],
      ['message', 'b'],
    ],
  ],
  [
    'carriage returns',
    'data: a\r\rdata: b\r\r',
    [
      ['message', 'a'],
      ['message', 'b'],
    ],
  ],
  [
    'both',
    'data: a\r\n\r\ndata: b\r\n\r\n',
    [
      ['message', 'a'],
      ['message', 'b'],
    ],
  ],
  ['a byte order mark', '\ufeffdata: a\n\n', [['message', 'a']]],
  ['several data lines', 'data: a\ndata:b\ndata\ndata:  c\n\n', [['message', 'a\nb\n\n c']]],
  ['comments and unknown fields', ': hi\nfoo: bar\nid\ndata: a\n:\n\n', [['message', 'a']]],
  [
    'a type',
    'event: endpoint\ndata: /x\n\ndata: y\n\n',
    [
      ['endpoint', '/x'],
      ['message', 'y'],
    ],
  ],
  ['an event without data', 'event: x\n\ndata: a\n\n', [['message', 'a']]],
  ['an unfinished event', 'data: a\n\ndata: b\n', [['message', 'a']]],
])('%s are read as the standard says', (_what, text, events) => {
  expect(parsed(text).events).toEqual(events)
})

test('ids and waits are remembered, those that no header can carry are not', () => {
  expect(parsed('id: 1\nretry: 250\ndata: a\n\n')).toMatchObject({ lastId: '1', retryMs: 250 })
  expect(parsed('id: 1\ndata: a\n\nid: 2\n')).toMatchObject({ lastId: '1' })
  expect(parsed('id: a\tb\ndata: a\n\nretry: soon\n\n')).toMatchObject({ lastId: null, retryMs: null })
  expect(parsed(Buffer.concat([Buffer.from('id: a'), Buffer.from([0]), Buffer.from('\ndata: a\n\n')])).lastId).toBe(
    null,
  )
})

test('an event over the limit is left out, whole or in lines, and the next one is read', () => {
  const long = 'x'.repeat(40)
  expect(parsed(`data: ${long}\n\ndata: b\n\n`, 20)).toMatchObject({
    events: [['message', 'b']],
    heads: [expect.stringMatching(/^x+$/)],
  })
  const lines = `${'data: 12345\n'.repeat(9)}\ndata: b\n\n`
  expect(parsed(lines, 20)).toMatchObject({ events: [['message', 'b']], heads: [expect.any(String)] })
  expect(parsed(`data: ${'x'.repeat(20)}\n\n`, 20).events).toEqual([['message', 'x'.repeat(20)]])
})

test('bytes are kept as they are', () => {
  const odd = Buffer.concat([Buffer.from('data: '), Buffer.from([0xff, 0x00, 0xc3, 0x28]), Buffer.from('\n\n')])
  expect(parsed(odd).events).toEqual([['message', '\u00ff\u0000\u00c3(']])
})
