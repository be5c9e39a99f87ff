import { expect, test } from 'vitest'
import { readYaml } from '../../../src-main/core/policy/yaml-source.ts'

const styles = {
  plain: 'when: alpha beta\n',
  'plain over lines': 'when: alpha\n  beta  \n\n  gamma\n    delta\n',
  'single quotes': "when: 'it''s ''quoted'' text'\n",
  'single quotes over lines': "when: 'one\n  two''s\n\n  three'\n",
  'double quotes': 'when: "a \\"b\\" \\x41 \\u0042 c"\n',
  'double quotes over lines': 'when: "one \\\n  two\n  three\\n four"\n',
  'literal block': 'when: |\n    one\n      two\n\n    three\nnext: 1\n',
  'folded block': 'when: >-\n  one\n  two\n\n  three\n  four\n',
  'literal block in a list': 'list:\n  - when: |-\n      one\n      two\n',
  'windows line ends': 'when: |\r\n  one\r\n  two\r\n',
}

test.each(Object.entries(styles))('%s: every letter is found where it stands', (name, text) => {
  const { source } = readYaml(text)
  if (!source) throw new Error('the YAML of the test is refused')
  const path = name.endsWith('in a list') ? ['list', 0, 'when'] : ['when']
  const root = source.value as { when: string; list?: { when: string }[] }
  const value = root.list?.[0]?.when ?? root.when

  const found = [...value].map((_, index) => text[source.offsetIn(path, index)])

  // Escapes begin with a backslash, and white space may be folded; letters must be themselves.
  const readable = [...value].map((letter, index) => (/\s/.test(letter) ? found[index] : letter))
  expect(found.map((letter, index) => (letter === '\\' ? readable[index] : letter))).toEqual(readable)
})

test('an index past the end stays in the value', () => {
  const { source } = readYaml('when: abc\nnext: 1\n')
  expect(source?.offsetIn(['when'], 99)).toBe(9)
})
