import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundResult } from '../../../src-main/core/constraints/bound-result.ts'
import { fieldNames } from '../../../src-main/core/constraints/field-names.ts'
import { maskJson, maskText } from '../../../src-main/core/constraints/mask-fields.ts'
import { parseMessage } from '../../../src-main/core/json/message.ts'
import { applyEdits } from '../../../src-main/core/json/text.ts'

function masked(text: string, ...names: string[]): string {
  return applyEdits(text, maskText(text, fieldNames(names.length > 0 ? names : ['email'])).edits)
}

function maskedResult(text: string, names = ['email']): string {
  return applyEdits(text, maskJson(text, JSON.parse(text), 'result', fieldNames(names)).edits)
}

test.each([
  // Members, whatever they hold and however the key is written.
  ['{"id":1,"email":"a@b.c"}', '{"id":1,"email":"[masked]"}'],
  ['{ "Email" : [1, {"x":"}"}] , "n": 1.0}', '{ "Email" : "[masked]" , "n": 1.0}'],
  ['[{"u.email":null},{"em\\u0061il":7}]', '[{"u.email":"[masked]"},{"em\\u0061il":"[masked]"}]'],
  ['{"emails":["a@b.c"],"email_sent":true}', '{"emails":["a@b.c"],"email_sent":true}'],
  // Columns named apart from the rows.
  [
    '{"columns":["id","email"],"rows":[[1,"a@b.c"],[2,null]]}',
    '{"columns":["id","email"],"rows":[[1,"[masked]"],[2,"[masked]"]]}',
  ],
  [
    '{"rows":[[1,"a@b.c"]],"fields":[{"name":"id"},{"name":"EMAIL"}]}',
    '{"rows":[[1,"[masked]"]],"fields":[{"name":"id"},{"name":"EMAIL"}]}',
  ],
  ['[["id","name","email"],[1,"A","a@b.c"]]', '[["id","name","[masked]"],[1,"A","[masked]"]]'],
  [
    '[{"field":"email","value":"a@b.c"},{"field":"id","value":1}]',
    '[{"field":"email","value":"[masked]"},{"field":"id","value":1}]',
  ],
  // JSON in a string, and in a string in that one; other characters keep their spelling.
  [
    '{"result":"\\u007b\\"email\\": \\"a@b.c\\", \\"t\\\\u00e9\\":1}"}',
    '{"result":"\\u007b\\"email\\": \\"[masked]\\", \\"t\\\\u00e9\\":1}"}',
  ],
  [
    JSON.stringify({ a: JSON.stringify([{ b: JSON.stringify({ email: 'x', c: 1 }) }]) }),
    JSON.stringify({ a: JSON.stringify([{ b: JSON.stringify({ email: '[masked]', c: 1 }) }]) }),
  ],
])('JSON: %s', (text, expected) => {
  expect(masked(text)).toBe(expected)
})

test.each([
  ['name: A\nemail: a@b.c, b@c.d\nid: 1', 'name: A\nemail: [masked]\nid: 1'],
  ['user=7 email=a@b.c', 'user=7 email=[masked]'],
  ['user=7 email="a@b.c" id=1', 'user=7 email="[masked]" id=1'],
  ['email: "a@b.c" (home) a2@b.c\nid: 1', 'email: [masked]\nid: 1'],
  ['email:\n  - a@b.c\n  - b@c.d\nid: 1', 'email:[masked]\nid: 1'],
  ['email: |\n  a@b.c\n\n  b@c.d\nid: 1', 'email: [masked]\nid: 1'],
  ['**Email:** a@b.c\n', '**Email:[masked]\n'],
  ["[{'id': 1, 'email': 'a@b.c', 'n': 2}]", "[{'id': 1, 'email': '[masked]', 'n': 2}]"],
  ["{'email': None, 'id': Decimal('1')}", "{'email': [masked], 'id': Decimal('1')}"],
  ["{'email': Address('a', [1, 2]), 'id': 1}", "{'email': [masked], 'id': 1}"],
  ["{'email': 'it''s', 'id': 1}", "{'email': '[masked]', 'id': 1}"],
  ['{"id":1,"email":"a@b.c"}\n{"id":2,"email":"b\\"c"}', '{"id":1,"email":"[masked]"}\n{"id":2,"email":"[masked]"}'],
  ['Result: {"email":\n "a@b.c", "n": 1', 'Result: {"email":\n "[masked]", "n": 1'],
  ['<row><id>1</id><email kind="x">a@b.c</email></row>', '<row><id>1</id><email kind="x">[masked]</email></row>'],
  ['<user email="a@b.c" id="1"/>', '<user email="[masked]" id="1"/>'],
  ['an email was sent to nobody', 'an email was sent to nobody'],
  ['email="unclosed\nand on', 'email="[masked]'],
])('text that is no JSON: %j', (text, expected) => {
  expect(masked(text)).toBe(expected)
})

test.each([
  ['id,email,n\n1,a@b.c,2\n2,"b,c",3\n', 'id,email,n\n1,[masked],2\n2,[masked],3\n'],
  ['id;"E-Mail";email\n1;x;"two\nlines"\n', 'id;"E-Mail";email\n1;x;[masked]\n'],
  ['id\temail\n1\ta@b.c', 'id\temail\n1\t[masked]'],
  ['| id | email |\n|----|-------|\n| 1  | a@b.c |\n', '| id | email |\n|----|-------|\n| 1  | [masked] |\n'],
  [' id | email \n----+-------\n  1 | a@b.c\n(1 row)\n', ' id | email \n----+-------\n  1 | [masked]\n(1 row)\n'],
  ['+--+\n| email |\n+--+\n| a@b.c |\n+--+', '+--+\n| email |\n+--+\n| [masked] |\n+--+'],
  ['│ id │ email │\n├────┼───────┤\n│ 1 │ a@b.c │', '│ id │ email │\n├────┼───────┤\n│ 1 │ [masked] │'],
  // A row of another shape than the head is masked whole.
  ['id,n,email\n1,2,3,a@b.c\n', 'id,n,email\n[masked]\n'],
  ['id     email\n1      a@b.c\n', 'id     email\n[masked]\n'],
  ['email\na@b.c\n\nb@c.d\n', 'email\n[masked]\n\n[masked]\n'],
  // A name and its value side by side.
  ['id | 1\nemail | a@b.c\n', 'id | 1\nemail | [masked]\n'],
])('tables: %j', (text, expected) => {
  expect(masked(text)).toBe(expected)
})

test('what MCP names itself is no field, what a server puts there is', () => {
  const text =
    '{"content":[{"type":"text","text":"name: A\\ntext: b"},{"type":"resource_link","uri":"a://name=b","name":"x"}],"structuredContent":{"name":"A","type":1},"isError":false,"name":3}'
  expect(maskedResult(text, ['name', 'text', 'type', 'content', 'isError'])).toBe(
    '{"content":[{"type":"text","text":"name: [masked]\\ntext: [masked]"},{"type":"resource_link","uri":"a://name=b","name":"x"}],"structuredContent":{"name":"[masked]","type":"[masked]"},"isError":false,"name":"[masked]"}',
  )
})

test('bytes cannot be masked', () => {
  expect(() => maskedResult('{"content":[{"type":"image","data":"AAAA","mimeType":"image/png"}]}')).toThrow(
    'no field can be masked',
  )
  expect(() => maskedResult('{"contents":[{"uri":"a:b","blob":"AAAA"}]}')).toThrow('no field can be masked')
})

const secret = 'S3CRET'
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1.5, 'plain', 'a "quoted" \\ é \u2028 text', 'line\nbreak'),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('id', 'name', 'Emails', 'emäil', 'a.b', '"', 'x y'), tie('any'), { maxKeys: 4 }),
    // What must be masked holds the secret, and nothing else does.
    fc
      .tuple(
        fc.constantFrom('email', 'EMAIL', 'u.email'),
        fc.constantFrom(secret, [secret], { a: secret }, { email: secret }),
      )
      .map(([key, held]) => ({ [key]: held, id: 1 })),
    tie('any').map((inner) => JSON.stringify(inner)),
  ),
})).any

/** What the masked value must be, member by member. */
function reference(value: unknown): unknown {
  if (typeof value === 'string') {
    if (!/^\s*[[{"]/.test(value)) return value
    return JSON.stringify(reference(JSON.parse(value)))
  }
  if (Array.isArray(value)) return value.map(reference)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [key, /^(u\.)?email$/i.test(key) ? '[masked]' : reference(held)]),
  )
}

test('of any JSON, however deep in strings, exactly the values of the fields change', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(0, 1, 2), (data, indent) => {
      const text = JSON.stringify({ structuredContent: { data }, content: [] }, null, indent)
      const after = maskedResult(text)
      expect(after).not.toContain(secret)
      expect(JSON.parse(after)).toEqual({ structuredContent: { data: reference(data) }, content: [] })
    }),
    { numRuns: 500 },
  )
})

test('all characters outside of masked values stay, in their order and spelling', () => {
  fc.assert(
    fc.property(value, (data) => {
      const text = JSON.stringify({ structuredContent: { data } }).replaceAll('é', '\\u00e9').replaceAll('/', '\\/')
      const { edits } = maskJson(text, JSON.parse(text), 'result', fieldNames(['email']))
      const after = applyEdits(text, edits)
      const parts = after.split(/\\*"?\[masked\]\\*"?/)
      let at = 0
      for (const part of parts) {
        const found = text.indexOf(part, at)
        expect(found).toBeGreaterThanOrEqual(at)
        at = found + part.length
      }
      if (edits.length === 0) expect(after).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('of tables of any cells no value of the field is left', () => {
  const cell = fc.stringMatching(/^[a-z "]{0,6}$/)
  const csv = (cells: string[]) =>
    cells.map((text) => (/["\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 12 }), fc.constantFrom(0, 1, 2), (rows, column) => {
      const lines = [['id', 'name'], ...rows].map((cells, row) =>
        csv(cells.toSpliced(column, 0, row === 0 ? 'email' : `${secret},"\n${row}`)),
      )
      const after = masked(lines.join('\n'))
      expect(after).not.toContain(secret)
    }),
    { numRuns: 500 },
  )
})

/** Answers of one and of two parts that are alike: what looking through the second one costs more. */
test.each<[string, (index: number) => unknown]>([
  ['rows', (index) => ({ id: index, email: `a${index}@b.c` })],
  ['lists of names', (index) => ['email', 'name', index]],
  ['texts', () => 'email: x'],
  ['tables', () => 'id,email\n1,a@b.c\n2,d@e.f'],
])('the work for %s is counted, and grows with them and no faster', (_, part) => {
  const looksAt = (parts: number) => {
    let looks = 0
    const value = { structuredContent: { list: Array.from({ length: parts }, (_, index) => part(index)) } }
    maskJson(
      JSON.stringify(value),
      value,
      'result',
      fieldNames(['email'], (more) => {
        looks += more
      }),
    )
    return looks
  }
  expect(looksAt(1_000)).toBeGreaterThan(1_000)
  expect(looksAt(2_000)).toBeLessThan(2.1 * looksAt(1_000))
})

test('an answer that is more work than there may be for one is not delivered, and why is said', () => {
  const parsed = (list: unknown[]) =>
    parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { structuredContent: { list } } })))
  const bounds = { constraints: { mask_fields: ['email'] }, rules: [], sqlRows: false }
  const rows = (count: number) => parsed(Array.from({ length: count }, (_, id) => ({ id, email: 'a@b.c' })))
  const some = rows(10_000)
  expect(boundResult(some.raw, some, bounds).results).toMatchObject([{ result: 'masked', detail: 'email: 10000' }])
  for (const many of [rows(60_000), parsed(Array.from({ length: 300_000 }, () => 'email'))]) {
    const { withheld, line } = boundResult(many.raw, many, bounds)
    expect(withheld).toMatchObject({
      code: 'RESULT_WITHHELD',
      detail: expect.stringContaining('more than can be looked'),
    })
    expect(line).toBe(many.raw)
  }
})

test('a quick no is never wrong: whatever the case, the script and the quotes of a name', () => {
  expect(
    maskedResult('{"structuredContent":{"eMaIL":1,"\\"u\\".\\"Email\\"":2,"K":3,"straSSe":4}}', [
      'email',
      'k',
      'straße',
    ]),
  ).toBe(
    '{"structuredContent":{"eMaIL":"[masked]","\\"u\\".\\"Email\\"":"[masked]","K":"[masked]","straSSe":"[masked]"}}',
  )
  expect(masked('K: x', 'k')).toBe('K: [masked]')
  expect(masked('a.b-c: x', 'b-c')).toBe('a.b-c: [masked]')
})
