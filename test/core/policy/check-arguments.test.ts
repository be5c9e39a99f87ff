import { expect, test } from 'vitest'
import { compileSnapshot } from '../../../src-main/core/policy/snapshot.ts'
import { sha256 } from './call.ts'

/** What the tool `query` of the server `database` takes; nobody knows the arguments of any other. */
const schema = {
  type: 'object',
  properties: {
    sql: { type: 'string' },
    limit: { type: 'integer' },
    force: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string' } },
    options: { type: 'object', properties: { depth: { type: 'number' } } },
    anything: {},
    either: { type: ['string', 'null'] },
  },
}
const schemas = (server: string, tool: string) => (server === 'database' && tool === 'query' ? schema : null)

function problems(condition: string, labels = 'mcp.server: database, mcp.tool: query', given: unknown = schema) {
  const lookup = given === schema ? schemas : () => given
  const text = `version: v1\nrules:\n  - id: r\n    match: { labels: { ${labels} } }\n    decision: DENY\n    when: ${JSON.stringify(condition)}\n`
  return compileSnapshot([{ path: 'a.yaml', text, origin: 'local' }], sha256, lookup).problems
}

test.each([
  ['args.sqll.startsWith("x")', 'sqll', '`sqll` is not an argument of `query` on `database`', 'did you mean `sql`?'],
  ['args["sqll"] == "x"', 'sqll', '`sqll` is not an argument of `query` on `database`', 'did you mean `sql`?'],
  [
    'args.options.dept > 1',
    'dept',
    '`dept` is not an argument of `query` on `database`',
    'use one of its arguments, or test for it with `has(…)` first',
  ],
  ['args.sql == 3 || true', 'args.sql', null, null],
  [
    'true && args.limit == "ten"',
    'args.limit',
    '`double == string` is not possible with the arguments of `query` on `database`',
    null,
  ],
  ['args.force == "yes"', 'args.force', null, null],
  ['args.tags.exists(t, t == true)', 't == true', null, null],
  ['args.limit > 10 && args.force == "yes"', 'args.force', null, null],
])('`%s` is a problem, at its place', (condition, at, message, suggestion) => {
  const [problem, ...more] = problems(condition)
  expect(more).toEqual([])
  expect(problem).toMatchObject({ file: 'a.yaml', line: 6 })
  // In double quotes, each quote inside takes a backslash more.
  const before = JSON.stringify(condition.slice(0, condition.indexOf(at))).length - 1
  expect(problem?.column).toBe('    when: '.length + before + 1)
  if (message) expect(problem?.message).toBe(message)
  if (suggestion) expect(problem?.suggestion).toBe(suggestion)
})

test.each([
  'args.sql.contains("drop") && args.limit == 10',
  'args.limit > 10.5 && args.limit in [1, 2]',
  'int(args.limit) + 1 > 2',
  '"sql" in args && args.size() > 1 && args.exists(k, k == "other")',
  'args.anything.what == 1 || args.either == "x"',
  'has(args.hidden) && args.hidden == 1',
  'args.options.depth > 1 && args.tags.exists(t, t == "a") && args.force',
])('`%s` is none', (condition) => {
  expect(problems(condition)).toEqual([])
})

test('only what a rule names exactly, and what is known for sure, is checked', () => {
  const slip = 'args.sqll == "x"'
  expect(problems(slip, 'mcp.server: "data*", mcp.tool: query')).toEqual([])
  expect(problems(slip, 'mcp.tool: query')).toEqual([])
  expect(problems(slip, 'mcp.server: database, mcp.tool: execute')).toEqual([])
  expect(problems(slip, 'mcp.server: [files, database], mcp.tool: [read, query]')).toHaveLength(1)
  for (const open of [{ additionalProperties: true }, { patternProperties: {} }, { allOf: [{}] }]) {
    expect(problems(slip, undefined, { ...schema, ...open })).toEqual([])
  }
  for (const odd of [null, 7, [], {}, { properties: 'x' }, { properties: { __proto__: 1, constructor: 7 } }]) {
    expect(problems(slip, undefined, odd).length).toBeLessThanOrEqual(1)
  }
})

test('where a schema lets nothing else come, testing for it is a slip too', () => {
  const closed = { ...schema, additionalProperties: false }
  expect(problems('has(args.sqll)', undefined, closed)).toMatchObject([
    { column: 21, suggestion: 'did you mean `sql`?' },
  ])
  expect(problems('has(args.sql)', undefined, closed)).toEqual([])
})

test('a policy that was in force comes back though a tool has changed meanwhile', () => {
  const text =
    'version: v1\nrules: [{ id: r, match: { labels: { mcp.server: database, mcp.tool: query } }, decision: DENY, when: args.old == 1 }]'
  expect(compileSnapshot([{ path: 'a.yaml', text, origin: 'local' }], sha256, schemas).snapshot).toBeNull()
  expect(compileSnapshot([{ path: 'a.yaml', text, origin: 'local' }], sha256).snapshot?.rules).toHaveLength(1)
})
