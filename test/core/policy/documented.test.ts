import { expect, test } from 'vitest'
import { parsePolicyFiles } from '../../../src-main/core/policy/parse.ts'
import { readTests } from '../../../src-main/core/policy/tests/read-tests.ts'
import { readFiles } from '../../rules/source.ts'

/** The examples in the documentation, which people copy. */
const [page] = readFiles('docs', /policy\.md$/)
const examples = [...(page?.text ?? '').matchAll(/```(yaml|json)\n(.*?)```/gs)].map(([, , text = '']) => text)

test.each(examples.map((text) => [text.split('\n').slice(0, 4).join(' '), text]))('%s …', (_, text) => {
  const file = { path: 'example.yaml', text, origin: 'local' as const }
  const { problems } = /^tests:/m.test(text) ? readTests(file) : parsePolicyFiles([file])
  expect(problems).toEqual([])
})

test('there is one for each format', () => {
  const starts = [/^rules:/m, /^tool:/m, /^\s*"policy_name"/m, /^access_policies:/m, /^tests:/m]
  for (const start of starts) expect(examples.some((text) => start.test(text))).toBe(true)
})
