import fc from 'fast-check'
import { expect, test } from 'vitest'
import { effects } from '../../../shared/decision.ts'
import { fitsCall } from '../../../src-main/core/policy/fits-call.ts'
import { compileGlob, globBudget, globMeter } from '../../../src-main/core/policy/glob.ts'
import type { Match, Rule } from '../../../src-main/core/policy/rule.ts'
import { indexRules, subjectOf } from '../../../src-main/core/policy/rule-index.ts'
import { campaign } from '../../fakes/campaign.ts'
import { type CallParts, envelope } from './call.ts'
import { fitsSubjectByHand, matchesByHand } from './match-by-hand.ts'

/** Rules with every part of a match given at random, which no format alone can say, against an evaluation that shares no code. */
const seed = 20_261_127
const size = { sample: 600, full: 30_000, seed }

const actions = ['read', 'write', 'destructive'] as const
const kinds = ['tool', 'resource', 'prompt', 'elicitation'] as const
const names = ['a', 'b', 'ab', 'a.b', 'read', 'write'] as const
const places = ['/etc/passwd', '/srv/a'] as const
const days = ['2026-05-31', '2026-06-01', '2026-06-02'] as const

const part = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2 })
const globs = (patterns: readonly string[]) =>
  part(fc.array(fc.constantFrom(...patterns).map(compileGlob), { minLength: 1, maxLength: 3 }))
const oneOf = <T>(values: readonly T[]) => part(fc.subarray([...values], { minLength: 1 }))
const exact = globs(names)
const any = globs([...names, '*', 'a*', '*b', '?', '{a,read}', 'wri?e'])
const named = fc.oneof(exact, any)

const match: fc.Arbitrary<Match> = fc.record({
  ...{ servers: named, tools: named, verbs: named, namespaces: named, names: named },
  serversNotIn: any,
  fullNames: globs([...names, '*', 'a.*', '*.read', 'b.write', 'a.read']),
  actions: oneOf(actions),
  kinds: oneOf(kinds),
  riskTags: oneOf(['prod', 'pii']),
  resources: globs(['/etc/*', '/srv/a', '*', 'note://*']),
  roles: part(fc.subarray(['x', 'y'])),
  rolesNotIn: part(fc.subarray(['x', 'y'])),
  fromRisk: part(fc.constantFrom(0, 50, 80)),
  afterDay: part(fc.constantFrom(...days)),
  toDay: part(fc.constantFrom(...days)),
})

/** At most so many parts of a match are kept: one with all of them would fit nothing. */
const mostParts = 3
const sparse = fc.tuple(match, fc.infiniteStream(fc.nat())).map(([full, keys]): Match => {
  const given = (Object.keys(full) as (keyof Match)[]).filter((key) => full[key] !== null)
  const dropped = given
    .map((key) => ({ key, at: keys.next().value }))
    .sort((a, b) => a.at - b.at)
    .slice(mostParts)
  return { ...full, ...Object.fromEntries(dropped.map(({ key }) => [key, null])) }
})

const rules = fc
  .array(fc.record({ match: sparse, effect: fc.constantFrom(...effects) }), { minLength: 1, maxLength: 8 })
  .map((list) =>
    list.map(({ match, effect }, at): Rule => {
      const ref = { id: `r${at}`, effect, origin: 'local' as const, file: 'test.yaml', line: at, reason: null }
      return {
        ...{ id: `r${at}`, effect, origin: 'local', match, when: null, level: null, acceptRisk: null, constraints: {} },
        ...{ alerts: [], keepArguments: false, priority: 0, description: null, ref },
      }
    }),
  )

const word = fc.constantFrom(...names)
const parts = [
  'server',
  'tool',
  'verb',
  'namespace',
  'action',
  'kind',
  'names',
  'risk',
  'tags',
  'roles',
  'paths',
] as const
const call: fc.Arbitrary<CallParts> = fc.record({
  ...{ server: word, verb: word, namespace: word, module: word, tool: fc.constantFrom(...names, '') },
  action: fc.constantFrom(...actions),
  kind: fc.constantFrom(...kinds),
  names: fc.subarray([...names], { maxLength: 3 }),
  risk: fc.constantFrom(0, 49, 50, 80),
  tags: fc.subarray(['prod', 'pii']),
  roles: fc.subarray(['x', 'y']),
  paths: fc.subarray([...places]),
  uris: fc.subarray(['note://today']),
})

/** Calls that are alike but for one thing each: what is remembered for one of them must not be taken for another. */
const alike = fc
  .tuple(call, fc.array(fc.tuple(call, fc.constantFrom(...parts)), { maxLength: 10 }))
  .map(([first, others]): CallParts[] => [first, ...others.map(([other, key]) => ({ ...first, [key]: other[key] }))])

const ids = (found: readonly Rule[]) => found.map(({ id }) => id)

test('a rule is found for a call exactly where each of its parts fits, in the order of the rules, whatever was asked before', ({
  task,
}) => {
  const tally = { found: 0, missed: 0 }
  fc.assert(
    fc.property(rules, alike, fc.constantFrom(...days), (list, calls, today) => {
      const index = indexRules(list)
      for (const parts of [...calls, ...calls]) {
        globMeter.left = globBudget
        const asked = envelope(parts)
        const candidates = index.candidates(subjectOf(asked))
        const byHand = list.filter((rule) => fitsSubjectByHand(rule, asked))
        expect(ids(candidates)).toEqual(ids(byHand))
        const matched = candidates.filter((rule) => fitsCall(rule, asked, today))
        expect(ids(matched)).toEqual(ids(list.filter((rule) => matchesByHand(rule, asked, today))))
        tally.found += matched.length
        tally.missed += list.length - matched.length
      }
    }),
    { numRuns: campaign(task, size), seed },
  )
  expect(Math.min(tally.found, tally.missed)).toBeGreaterThan(1_000)
})

test('where a name is not known any rule about names may fit, and all else is held against it as ever', ({ task }) => {
  fc.assert(
    fc.property(rules, call, (list, parts) => {
      globMeter.left = globBudget
      const asked = envelope(parts)
      const nameless = list.map((rule) => ({ ...rule, match: { ...rule.match, names: null } }))
      const byHand = list.filter((_, at) => fitsSubjectByHand(nameless[at] as Rule, asked))
      const found = indexRules(list).candidates({ ...subjectOf(asked), names: null })
      expect(ids(found)).toEqual(ids(byHand))
    }),
    { numRuns: campaign(task, size), seed },
  )
})
