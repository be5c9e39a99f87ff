import { expect, test } from 'vitest'
import { withBinding, withoutBinding } from '../../../src-main/core/policy/edit-bindings.ts'

const mine = `# ours
version: v1

bindings:
  # the desk
  - policy: readers # they only read
    clients: [client_a, 'desk one']
  - { policy: all, roles: [admin], clients: [client_a] }
user_roles: [admin] # me
`

/** Lists on one line get spaces inside, as maps do. */
const padded = (text: string) => text.replace(/\[(\w[^\]]*)\]/g, '[ $1 ]')

test('a first binding makes the file, a second of the same policy joins it, and the last one takes the file with it', () => {
  const first = withBinding(null, 'readers', 'client_a')
  expect(first).toMatch(
    /^# Bindings .*\nversion: v1\nbindings:\n {2}- policy: readers\n {4}clients:\n {6}- client_a\n$/,
  )
  const second = withBinding(first, 'readers', 'client_b')
  expect(second).toBe(`${first}      - client_b\n`)
  expect(withoutBinding(second, 'readers', ['client_b'])).toBe(first)
  expect(withoutBinding(first, 'readers', ['client_a'])).toBeNull()
})

test('comments and what else stands there stay, whoever wrote it', () => {
  expect(withBinding(mine, 'readers', 'client_b')).toBe(padded(mine.replace("'desk one']", "'desk one', client_b]")))
  expect(withBinding(mine, 'mcp.read_only', 'no')).toContain('- policy: mcp.read_only\n    clients:\n      - no\n')
  expect(withoutBinding(mine, 'readers', ['client_x', 'desk one'])).toBe(padded(mine.replace(", 'desk one'", '')))
  const without = withoutBinding(mine, 'all', ['client_a'])
  expect(without).toContain('- { policy: all, roles: [ admin ] }')
  expect(without).toContain('# they only read')
})

test('one client alone is a list of one, and what is bound already stays as it is', () => {
  const alone = 'bindings:\n  - { policy: readers, clients: client_a } # alone\n'
  expect(withBinding(alone, 'readers', 'client_a')).toBe(alone)
  expect(withBinding(alone, 'readers', 'client_b')).toBe(alone.replace('client_a', '[ client_a, client_b ]'))
  expect(withoutBinding(alone, 'readers', ['client_a'])).toBeNull()
})

test('what it does not bind cannot be unbound, and what cannot be read is not edited', () => {
  expect(() => withoutBinding(mine, 'readers', ['client_b'])).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  expect(() => withoutBinding(null, 'readers', ['a'])).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  for (const text of ['bindings: [', '[]', 'bindings: &a []\nother: *a', 'bindings: []\nbindings: []']) {
    expect(() => withBinding(text, 'readers', 'a')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  }
})
