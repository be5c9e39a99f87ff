import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CodeToken,
  shellTokens,
  sqlTokens,
  tokenLines,
  verbsOfSql,
} from '../../../src-renderer/say/code-tokens.ts'
import { campaign } from '../../fakes/campaign.ts'
import { databaseNames, runsDrop } from './sql-by-hand.ts'

const kinds = (tokens: CodeToken[]) =>
  tokens.filter(({ text }) => text.trim() !== '').map(({ kind, text }) => `${kind}:${text.trim()}`)

test('SQL is told apart into words, texts, numbers and notes', () => {
  expect(kinds(sqlTokens("SELECT a, 'it''s' FROM \"x y\" WHERE b >= 4.5 -- end"))).toEqual([
    'word:SELECT',
    'plain:a',
    'mark:,',
    "text:'it''s'",
    'word:FROM',
    'plain:"x y"',
    'word:WHERE',
    'plain:b',
    'mark:>=',
    'number:4.5',
    'note:-- end',
  ])
})

test('shell is told apart into programs, texts, variables and notes', () => {
  expect(kinds(shellTokens('cat "$HOME/a" | sudo tee -a /etc/x && echo $(id) # so'))).toEqual([
    'word:cat',
    'text:"$HOME/a"',
    'mark:|',
    'word:sudo',
    'word:tee',
    'plain:-a /etc/x',
    'mark:&&',
    'word:echo',
    'mark:$(',
    'word:id',
    'mark:)',
    'note:# so',
  ])
})

test.each([
  ['what never ends', 'select \'x /* -- "\\'],
  ['other scripts', 'select שלום, 🙂 from `таблица` where x = $1 \u202e'],
  ['nothing', ''],
  ['a backslash at the end', 'echo a\\'],
  ['many lines', 'a\n\n/* b\nc */\r\nd'],
])('no character is lost or made up: %s', (_what, text) => {
  for (const tokens of [sqlTokens(text), shellTokens(text)]) {
    expect(tokens.map((token) => token.text).join('')).toBe(text)
    const lines = tokenLines(tokens).map((line) => line.map((token) => token.text).join(''))
    expect(lines).toEqual(text.split(/\r?\n/))
  }
})

test.each(['[', '${', ' ', 'sudo ', "'", '"', '`', '/*', '--', '(', 'a', '\\'])(
  'a million times `%s` is read once: again from each of them would not end before the test',
  (piece) => {
    const text = piece.repeat(1_000_000 / piece.length)
    for (const tokens of [sqlTokens(text), shellTokens(text)]) {
      expect(tokens.reduce((sum, token) => sum + token.text.length, 0)).toBe(text.length)
    }
  },
)

describe('verbs of SQL', () => {
  const drop = 'DROP TABLE users'
  test.each<[how: string, sql: string, database: string]>([
    ['texts in dollars', `SELECT $$'$$; ${drop}; SELECT $$'$$`, 'postgresql'],
    ['texts in dollars that have a name', `SELECT $a$'$a$${drop}; SELECT $a$'$a$`, 'postgresql'],
    ['comments in comments', `SELECT 1 /* /* */ ' */; ${drop}; --'`, 'postgresql'],
    ['backslashes in some texts only', `SELECT E'\\'', '\\'; ${drop}; --'`, 'postgresql'],
    ['a carriage return', `SELECT 1 -- it\r; ${drop}`, 'postgresql'],
    ['comments that begin with #', `SELECT 1; # it's\n${drop}; # it's`, 'mysql'],
    ['two dashes that are a sum', `SELECT 5--1; ${drop}`, 'mysql'],
    ['comments that run', `SELECT 1 /*!50000 ; ${drop} */`, 'mysql'],
    ['comments that run in MariaDB', `SELECT 1 /*M! ; ${drop} */`, 'mysql'],
    ['names in backticks', `SELECT 1 \`'\`; ${drop}; --'`, 'sqlite'],
    ['names in brackets', `SELECT ['] ; ${drop}; --'`, 'tsql'],
    ['backslashes in double quotes', `SELECT "\\"', "; ${drop}; -- '`, 'mysql'],
    ['names in brackets over lines', `SELECT [a\n'] ; ${drop}; --'`, 'tsql'],
    ['places in lists', `SELECT j['a]'] FROM t; ${drop}; SELECT ''`, 'postgresql'],
  ])('are all named, whatever hides one: %s', (_how, sql, database) => {
    expect(runsDrop(database, sql)).toBe(true)
    expect(verbsOfSql(sql)).toEqual({ verbs: ['SELECT', 'DROP'], alike: false })
    expect(sqlTokens(sql)).toEqual([{ kind: 'plain', text: sql }])
  })
  test('are named behind a comment that begins behind a sign', () => {
    const sql = `SELECT 1+/*'*/1; ${drop} -- '`
    expect(databaseNames.filter((each) => runsDrop(each, sql))).toEqual(databaseNames)
    expect(verbsOfSql(sql)).toEqual({ verbs: ['SELECT', 'DROP'], alike: true })
  })
  test.each([
    "SELECT 'drop # [ ` /* $$' FROM t -- drop # `",
    'select "drop" from t where a = $1 /* drop # */ and b -> 0 --\r\n',
  ])('are not made up where all databases read alike: %s', (sql) => {
    expect(verbsOfSql(sql)).toEqual({ verbs: ['SELECT'], alike: true })
  })
  test('name each that some database would run, for any mix of pieces', ({ task }) => {
    const piece = fc.constantFrom(
      ...[
        "'",
        "'",
        '"',
        '`',
        '[',
        ']',
        '$$',
        '$a$',
        '$',
        '#',
        '--',
        '-- ',
        '/*',
        '*/',
        '/*!',
        '/*M!',
        '\n',
        '\r',
        '\\',
      ],
      ...["E'", "n'", "q'", 'x', '1', ' ', '+', '-', '/', '*', ';', 'DROP', ' DROP ', 'SELECT '],
    )
    const runs = new Map(databaseNames.map((name) => [name, 0]))
    let alike = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const sql = pieces.join('')
        const said = verbsOfSql(sql)
        if (said.alike) alike++
        for (const name of databaseNames.filter((each) => runsDrop(each, sql))) {
          runs.set(name, (runs.get(name) ?? 0) + 1)
          expect([name, said.verbs]).toEqual([name, expect.arrayContaining(['DROP'])])
        }
      }),
      { numRuns: campaign(task, { sample: 20_000, full: 500_000, seed: 20_261_128 }), seed: 20_261_128 },
    )
    expect(Math.min(alike, ...runs.values())).toBeGreaterThan(1_000)
  })
})
