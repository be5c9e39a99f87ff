import { expect, test } from 'vitest'
import { type CodeToken, shellTokens, sqlTokens, tokenLines } from '../../../src-renderer/say/code-tokens.ts'

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
