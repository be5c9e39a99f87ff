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

const always = (policy: string) => ({ policy, tenant: null })

/** Lists on one line get spaces inside, as maps do. */
const padded = (text: string) => text.replace(/\[(\w[^\]]*)\]/g, '[ $1 ]')

test('a first binding makes the file, a second of the same policy joins it, and the last one takes the file with it', () => {
  const first = withBinding(null, always('readers'), 'client_a')
  expect(first).toMatch(
    /^# Bindings .*\nversion: v1\nbindings:\n {2}- policy: readers\n {4}clients:\n {6}- client_a\n$/,
  )
  const second = withBinding(first, always('readers'), 'client_b')
  expect(second).toBe(`${first}      - client_b\n`)
  expect(withoutBinding(second, always('readers'), ['client_b'])).toBe(first)
  expect(withoutBinding(first, always('readers'), ['client_a'])).toBeNull()
})

test('comments and what else stands there stay, whoever wrote it', () => {
  expect(withBinding(mine, always('readers'), 'client_b')).toBe(
    padded(mine.replace("'desk one']", "'desk one', client_b]")),
  )
  expect(withBinding(mine, always('mcp.read_only'), 'no')).toContain(
    '- policy: mcp.read_only\n    clients:\n      - no\n',
  )
  expect(withoutBinding(mine, always('readers'), ['client_x', 'desk one'])).toBe(
    padded(mine.replace(", 'desk one'", '')),
  )
  const without = withoutBinding(mine, always('all'), ['client_a'])
  expect(without).toContain('- { policy: all, roles: [ admin ] }')
  expect(without).toContain('# they only read')
})

test('one client alone is a list of one, and what is bound already stays as it is', () => {
  const alone = 'bindings:\n  - { policy: readers, clients: client_a } # alone\n'
  expect(withBinding(alone, always('readers'), 'client_a')).toBe(alone)
  expect(withBinding(alone, always('readers'), 'client_b')).toBe(alone.replace('client_a', '[ client_a, client_b ]'))
  expect(withoutBinding(alone, always('readers'), ['client_a'])).toBeNull()
})

test('what is bound for a tenant stands by itself, and neither takes the other out', () => {
  const forAcme = { policy: 'readers', tenant: 'acme' }
  const both = withBinding(withBinding(null, always('readers'), 'client_a'), forAcme, 'client_a')
  expect(both).toMatch(/client_a\n {2}- policy: readers\n {4}clients:\n {6}- client_a\n {4}tenant: acme\n$/)
  expect(withBinding(both, forAcme, 'client_b')).toBe(both.replace('    tenant', '      - client_b\n    tenant'))
  const left = withoutBinding(both, always('readers'), ['client_a']) ?? ''
  expect([left.includes('tenant: acme'), withoutBinding(left, forAcme, ['client_a'])]).toEqual([true, null])
  for (const tenant of ['globex', null])
    expect(() => withoutBinding(left, { policy: 'readers', tenant }, ['client_a'])).toThrow('does not bind')
})

test('what it does not bind cannot be unbound, and what cannot be read is not edited', () => {
  expect(() => withoutBinding(mine, always('readers'), ['client_b'])).toThrow(
    expect.objectContaining({ code: 'NOT_FOUND' }),
  )
  expect(() => withoutBinding(null, always('readers'), ['a'])).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  for (const text of ['bindings: [', '[]', 'bindings: &a []\nother: *a', 'bindings: []\nbindings: []']) {
    expect(() => withBinding(text, always('readers'), 'a')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  }
})
