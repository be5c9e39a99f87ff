import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Decision, effects } from '../../../shared/decision.ts'
import { compareSnapshots } from '../../../src-main/core/policy/compare.ts'
import { decisiveRules } from '../../../src-main/core/policy/decisive-rules.ts'
import { canEverBeAllowed } from '../../../src-main/core/policy/ever-allowed.ts'
import { decide, type Facts } from '../../../src-main/core/policy/precedence.ts'
import { indexRules, subjectOf } from '../../../src-main/core/policy/rule-index.ts'
import type { Snapshot } from '../../../src-main/core/policy/snapshot.ts'
import { campaign } from '../../fakes/campaign.ts'
import { allFine, type CallParts, envelope, snapshotOfFiles } from './call.ts'
import { fitsSubjectByHand } from './match-by-hand.ts'
import { callParts, denying, facts, filesFrom, piece, policy, snapshotFrom } from './random-policy.ts'

/** Laws of precedence over random policies in all formats, random calls and random states of the world. */
const seed = 20_261_126
const size = { sample: 600, full: 30_000, seed }

/** A refused call is stricter than one that asks, and that than one that runs; whether it is bounded does not matter here. */
function rank({ effect, approval_level }: Decision): number {
  return (effect === 'ALLOW_WITH_CONSTRAINTS' ? 0 : effects.indexOf(effect)) * 10 + (approval_level ?? 0)
}

function outcome({ effect, code, approval_level, constraints, alerts, observed, matched, errors }: Decision) {
  const names = errors.map(({ rule }) => rule).sort()
  return { effect, code, approval_level, constraints, alerts, observed, matched: matched.toSorted(), names }
}

const stateOf = (given: Partial<Facts>): Facts => ({ ...allFine, ...given })
const around = fc.record({ call: callParts, state: facts.map(stateOf) })

test('an error is never an allow', ({ task }) => {
  let failures = 0
  fc.assert(
    fc.property(policy, around, (pieces, { call, state }) => {
      const decision = decide(envelope(call), snapshotFrom(pieces), state)
      if (decision.errors.length === 0) return
      failures++
      expect(decision).toMatchObject({ effect: 'DENY', code: 'POLICY_ERROR' })
    }),
    { numRuns: campaign(task, size), seed },
  )
  expect(failures).toBeGreaterThan(10)
})

test('a rule that denies makes nothing less strict', ({ task }) => {
  let mattered = 0
  fc.assert(
    fc.property(policy, denying, around, (pieces, added, { call, state }) => {
      const before = decide(envelope(call), snapshotFrom(pieces), state)
      const after = decide(envelope(call), snapshotFrom([...pieces, added]), state)
      if (rank(after) > rank(before)) mattered++
      expect(rank(after)).toBeGreaterThanOrEqual(rank(before))
    }),
    { numRuns: campaign(task, size), seed },
  )
  expect(mattered).toBeGreaterThan(10)
})

test("what the organisation's policy says is never loosened by local files", ({ task }) => {
  let said = 0
  fc.assert(
    fc.property(policy, around, (pieces, { call, state }) => {
      const theirs = pieces.map((each) => (each.origin === 'org' ? each : null))
      const alone = snapshotFrom(theirs)
      if (!alone) return
      const [org, all] = [alone, snapshotFrom(pieces)].map((snapshot) => decide(envelope(call), snapshot, state))
      // Where it says nothing, local files may: no rule of its matches, or it leaves a client of somebody else unbound.
      const silent = org?.matched.length === 0 && org.code !== 'ACCESS_DENIED'
      if (!org || !all || silent || (org.code === 'ACCESS_DENIED' && state.unbound === 'mcp.empty')) return
      said++
      expect(rank(all)).toBeGreaterThanOrEqual(rank(org))
    }),
    { numRuns: campaign(task, size), seed },
  )
  expect(said).toBeGreaterThan(40)
})

test('decisions do not depend on the order of files and rules', ({ task }) => {
  const order = fc.tuple(policy, fc.infiniteStream(fc.nat({ max: 1000 })), fc.boolean(), around)
  fc.assert(
    fc.property(order, ([pieces, keys, backwards, { call, state }]) => {
      const files = filesFrom(pieces)
      const shuffled = files.map((file) => ({
        ...file,
        path: `${keys.next().value}-${file.path}`,
        text: backwards ? turned(file.text) : file.text,
      }))
      const [a, b] = [files, shuffled].map((each) => decide(envelope(call), snapshotOfFiles(each), state))
      expect(b && outcome(b)).toEqual(a && outcome(a))
    }),
    { numRuns: campaign(task, size), seed },
  )
})

/** The rules of a rule file in the opposite order. */
function turned(text: string): string {
  const [top, ...rules] = text.split(/^(?= {2}- \{ id:)/m)
  return [top, ...rules.reverse()].join('')
}

test('the decisive rules are exactly those whose removal changes the decision', ({ task }) => {
  let found = 0
  fc.assert(
    fc.property(policy, around, (pieces, { call, state }) => {
      const snapshot = snapshotFrom(pieces) as Snapshot
      const asked = envelope(call)
      const decision = decide(asked, snapshot, state)
      const byHand = snapshot.rules
        .filter((removed) => {
          const rules = snapshot.rules.filter((rule) => rule !== removed)
          const without = decide(asked, { ...snapshot, rules, index: indexRules(rules) }, state)
          return JSON.stringify(what(without)) !== JSON.stringify(what(decision))
        })
        .map((rule) => rule.id)
      found += byHand.length
      expect([...decisiveRules(asked, snapshot, state).keys()].sort()).toEqual(byHand.sort())
    }),
    { numRuns: campaign(task, size), seed },
  )
  expect(found).toBeGreaterThan(100)
})

test('the index finds the rules of every format whose own fields fit, in their order, whatever it was asked before', ({
  task,
}) => {
  let found = 0
  fc.assert(
    fc.property(policy, fc.array(callParts, { minLength: 1, maxLength: 12 }), (pieces, calls) => {
      const snapshot = snapshotFrom(pieces)
      for (const call of [...calls, ...calls]) {
        const asked = envelope(call)
        const byHand = (snapshot?.rules ?? []).filter((rule) => fitsSubjectByHand(rule, asked))
        found += byHand.length
        expect(snapshot?.index.candidates(subjectOf(asked)) ?? []).toEqual(byHand)
      }
    }),
    { numRuns: campaign(task, size), seed },
  )
  expect(found).toBeGreaterThan(100)
})

function what({ effect, code, approval_level, constraints, alerts, observed }: Decision) {
  return [effect, code, approval_level, constraints, alerts, observed]
}

test('what is absent from the lists of a client is never allowed, whatever it asks', ({ task }) => {
  let absent = 0
  const day = fc.constantFrom('2026-05-31', '2026-06-01')
  fc.assert(
    fc.property(policy, around, day, (pieces, { call, state }, listedOn) => {
      const snapshot = snapshotFrom(pieces)
      const { enforceable, unbound } = state
      const bare: CallParts = { ...call, args: {}, paths: [], risk: Math.min(call.risk ?? 0, 30) }
      const listed = { envelope: envelope(bare), named: true, enforceable, unbound, today: listedOn, observe: false }
      if (canEverBeAllowed(listed, snapshot)) return
      absent++
      const today = state.today < listedOn ? listedOn : state.today
      expect(decide(envelope(call), snapshot, { ...state, today, observe: false }).effect).toBe('DENY')
    }),
    { numRuns: campaign(task, size), seed },
  )
  expect(absent).toBeGreaterThan(40)
})

test('a change that loosens nothing decides no call less strictly', ({ task }) => {
  let proven = 0
  const edit = fc.record({ at: fc.nat({ max: 5 }), to: fc.option(piece) })
  fc.assert(
    fc.property(policy, edit, fc.array(around, { minLength: 4, maxLength: 4 }), (pieces, { at, to }, calls) => {
      const changed = [...pieces.slice(0, at), to, ...pieces.slice(at + 1)]
      const [before, after] = [snapshotFrom(pieces), snapshotFrom(changed)]
      if (!before || !after || compareSnapshots(before, after).loosens.length > 0) return
      proven++
      for (const { call, state } of calls) {
        const [was, is] = [before, after].map((snapshot) => decide(envelope(call), snapshot, state))
        expect(is && rank(is)).toBeGreaterThanOrEqual(was ? rank(was) : 0)
      }
    }),
    { numRuns: campaign(task, { ...size, sample: 1_500 }), seed },
  )
  expect(proven).toBeGreaterThan(50)
})
