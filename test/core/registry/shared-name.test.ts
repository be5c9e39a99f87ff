import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServerName } from '../../../shared/server.ts'
import { isCut, readSharedName, sharedName, sharedNameLimit } from '../../../src-main/core/registry/shared-name.ts'

// Few letters, so that what could collide does: separators, odd characters, and what looks like a hash.
const letters = (text: string) => fc.constantFrom(...text)
const server = fc
  .oneof(
    fc.string({ unit: letters('aA_-.'), minLength: 1, maxLength: 6 }),
    fc.string({ unit: letters('ab0123456789_-.'), minLength: 1, maxLength: 63 }),
  )
  .filter((name) => ServerName.safeParse(name).success)
const hash = fc.string({ unit: letters('0123456789abcdef'), minLength: 12, maxLength: 12 })
const name = fc.oneof(
  fc.string({ unit: letters('aA_-./ é'), maxLength: 5 }),
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: fc.constantFrom('\ud800', '\udc00', '\ufffd'), maxLength: 3 }),
  fc.tuple(fc.string({ unit: letters('a_'), maxLength: 8 }), hash).map(([begin, end]) => `${begin}_${end}`),
)
const named = fc.record({ server, name })
const runs = { numRuns: 3000, seed: 4 }

test('every name is one that every client takes', () => {
  fc.assert(
    fc.property(named, (one) => {
      const shared = sharedName(one)
      expect(shared).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
      expect(shared.length).toBeLessThanOrEqual(sharedNameLimit)
    }),
    runs,
  )
})

test('no two tools have the same name', () => {
  fc.assert(
    fc.property(fc.array(named, { minLength: 2, maxLength: 40 }), (all) => {
      const tools = new Map(all.map((one) => [JSON.stringify([one.server, one.name]), one]))
      expect(new Set([...tools.values()].map(sharedName)).size).toBe(tools.size)
    }),
    runs,
  )
})

test('a name that is not cut is read back as what it means, a cut one and any other text as nothing', () => {
  fc.assert(
    fc.property(named, (one) => {
      const shared = sharedName(one)
      expect(readSharedName(shared)).toEqual(isCut(shared) ? null : one)
    }),
    runs,
  )
  fc.assert(
    fc.property(fc.string({ unit: letters('ab0_-'), maxLength: 30 }), (text) => {
      const read = readSharedName(text)
      expect(read === null || sharedName(read) === text).toBe(true)
    }),
    runs,
  )
})

test.each([
  ['files', 'read_file', 'files__read_file'],
  ['my_server', '_hidden', 'my_server___hidden'],
  // What clients call their tools for years must not change from one version to the next.
  ['a__b', 'c', 'a__b__c_528239e9b39f'],
  ['a', 'b__c', 'a__b__c'],
  ['io.github.files', 'read', 'io_github_files__read_4178808f23c4'],
  ['files', 'list/all', 'files__list_all_c84beac65e2d'],
  ['files', 'list_all', 'files__list_all'],
  ['files', 'see_0123456789ab', 'files__see_0123456789ab_5f0aa239dfa6'],
  ['a-server-with-a-long-name', 'and_a_tool_with_a_long_name', 'a-server-with-a-long__and_a_tool_wi_2d53230a268f'],
  ['files', '', 'files___160691ae9b19'],
])('%s and %s together are %s', (server, name, shared) => {
  expect(sharedName({ server, name })).toBe(shared)
})
