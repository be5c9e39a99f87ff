import { describe, expect, test } from 'vitest'
import { compileCondition } from '../../../src-main/core/policy/condition.ts'
import { createLanguage, patternBudget } from '../../../src-main/core/policy/condition-language.ts'
import { bounds, Picture } from '../../../src-main/core/policy/condition-picture.ts'
import { type CallParts, decideWith, envelope } from './call.ts'

/** What a condition says about a call: true, false, or why that cannot be told. */
function holds(source: string, parts: CallParts = {}): boolean | string {
  const { condition, complaints } = compileCondition(createLanguage(), source)
  if (!condition) throw new Error(`the condition of the test is refused: ${JSON.stringify(complaints)}`)
  return condition.holds(new Picture(envelope(parts)))
}

test.each([
  ['client.identity == "verified" && user.id == "ada"'],
  ['server.name == "files" && server.trust_level != "sandbox"'],
  ['tool.action == "read" && tool.tier == 1 && "fs" in tool.tags'],
  ['risk.score > 9 && risk.score < 11'],
  ['risk.factors.exists(f, f.name == "action" && f.points >= 10)'],
  ['environment in ["development", "test"]'],
  ['labels["mcp.server"] == "files"'],
  ['resource.paths.exists(p, p.startsWith("/home/"))'],
  ['size(risk_tags) == 0 && purpose == ""'],
  ['has(args.path) && !has(args.force)'],
  ['args.n > 2 && args.n == 3 && int(args.n) + 1 == 4'],
  ['args.list.all(x, x > 0) && args.deep.inner == "x"'],
  ['re(args.path, "(?i)^NOTES\\\\.txt$")'],
  ['call.method == "tools/call"'],
])('holds: %s', (source) => {
  const args = { path: 'notes.txt', n: 3, list: [1, 2], deep: { inner: 'x' } }
  expect(holds(source, { args })).toBe(true)
})

describe('what cannot be told is a failure, not an answer', () => {
  test.each([
    [
      'args.absent == "x"',
      'the call has no such value at `args.absent`; test for it first, with `has(…)` or `size(…)`',
    ],
    ['args.path + 1 == 2', 'the kinds of the values do not fit at `args.path + 1`'],
    ['!args.path', 'the kinds of the values do not fit at `!args.path`'],
    [
      'resource.paths[3] == "x"',
      'the call has no such value at `resource.paths[3]`; test for it first, with `has(…)` or `size(…)`',
    ],
  ])('%s', (source, why) => {
    expect(holds(source)).toBe(why)
  })
  test('the reason never repeats what the call carries', () => {
    const args = { key: 'hunter2', list: [1], text: 'hunter2' }
    for (const source of [
      'args[args.key] == 1',
      'int(args.text) == 1',
      'args.list[int(args.text)] == 1',
      '!args.text',
    ]) {
      expect(String(holds(source, { args }))).not.toContain('hunter2')
    }
  })
})

describe('hostile arguments cannot stall or fool a condition', () => {
  const long = 'x'.repeat(bounds.text + 1)
  const tooLarge: [string, Record<string, unknown>, string][] = [
    ['a text over the cap', { v: long }, 'args.v == "x"'],
    ['even to ask whether it is there', { v: long }, 'has(args.v)'],
    ['a list over the cap', { v: Array(bounds.items + 1).fill(1) }, 'args.v.exists(x, x == 1)'],
    [
      'a map over the cap',
      { v: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i, i])) },
      'size(args.v) > 1',
    ],
    ['a key over the cap', { v: { [long]: 1 } }, 'size(args.v) == 1'],
    ['nesting over the cap', { v: JSON.parse('['.repeat(40) + ']'.repeat(40)) }, 'args.v == args.v'],
    ['too many values in all', { v: Array(100).fill(Array(100).fill(1)) }, 'args.v.all(x, size(x) == 100)'],
  ]
  test.each(tooLarge)('%s fails', (_, args, source) => {
    expect(holds(source, { args })).toMatch(/^(a value is too large|the kinds of the values)/)
  })
  test('what the condition does not touch does not matter', () => {
    expect(holds('args.path == "a"', { args: { path: 'a', content: long } })).toBe(true)
  })
  test('resources are bounded as well', () => {
    const paths = Array.from({ length: bounds.items + 1 }, (_, i) => `/p/${i}`)
    expect(holds('resource.paths.exists(p, p == "/p/0")', { paths })).toMatch(/^a value is too large/)
  })
  test('a failing condition denies, so flooding arguments opens nothing', () => {
    const text = 'version: v1\nrules:\n  - { id: a, when: "!(\'x\' in args.v)", decision: ALLOW }'
    expect(decideWith(text, { args: { v: [] } }).effect).toBe('ALLOW')
    expect(decideWith(text, { args: { v: Array(500).fill('x') } })).toMatchObject({
      effect: 'DENY',
      code: 'POLICY_ERROR',
    })
  })
  test('names that mean something to JavaScript are only names', () => {
    const args = JSON.parse('{"__proto__": {"admin": true}, "constructor": "x", "toString": 1}')
    expect(holds('args.constructor == "x" && args["toString"] == 1', { args })).toBe(true)
    expect(holds('has(args.admin)', { args })).toBe(false)
    expect(holds('has(args.hasOwnProperty)', { args })).toBe(false)
  })
  test('a number that a double cannot hold is text, so that it is never rounded', () => {
    expect(holds('args.n == "9007199254740993"', { args: { n: '9007199254740993' } })).toBe(true)
  })
  test('regular expressions take linear time and share one budget', () => {
    const evil = `${'a'.repeat(bounds.text - 1)}!`
    const started = performance.now()
    expect(holds('re(args.v, "(a+)+$")', { args: { v: evil } })).toBe(false)
    const many = Array.from({ length: 200 }, () => evil)
    expect(200 * evil.length).toBeGreaterThan(patternBudget / 10)
    expect(holds('args.v.exists(x, re(x, "(a?){40}b$"))', { args: { v: many } })).toBe(
      'the regular expressions of the policy would take too long on this call',
    )
    expect(performance.now() - started).toBeLessThan(5_000)
  })
  test('the budget is full again for the next call', () => {
    const spent = { args: { v: Array.from({ length: 200 }, () => 'a'.repeat(bounds.text)) } }
    expect(typeof holds('args.v.exists(x, re(x, "(a?){40}b$"))', spent)).toBe('string')
    expect(holds('re(args.path, "notes")')).toBe(true)
  })
})

test('a pattern belongs to the policy that it was checked with', () => {
  const one = compileCondition(createLanguage(), 're(args.path, "^notes")').condition
  const other = compileCondition(createLanguage(), 're(args.path, "txt$")').condition
  expect(one?.holds(new Picture(envelope()))).toBe(true)
  expect(other?.holds(new Picture(envelope()))).toBe(true)
})
