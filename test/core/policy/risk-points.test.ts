import { describe, expect, test } from 'vitest'
import { usualPoints } from '../../../shared/risk-factors.ts'
import { compareSnapshots } from '../../../src-main/core/policy/compare.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import { compileSnapshot } from '../../../src-main/core/policy/snapshot.ts'
import { sha256, snapshotOfFiles } from './call.ts'

let made = 0
/** A file with these points, and a rule that is the same whatever they are. */
function file(points: string, origin: PolicyFile['origin'] = 'local', more = ''): PolicyFile {
  made += 1
  const id = `${origin}-${made}`
  const rule = `{ id: ${id}, match: { labels: { mcp.action: read } }, decision: ALLOW }`
  return {
    path: `${id}.yaml`,
    origin,
    text: `version: v1\nrisk: { points: { ${points} } }\nrules:\n  - ${rule}\n${more}`,
  }
}
const pointsOf = (...files: PolicyFile[]) => snapshotOfFiles(files).points

describe('which points hold', () => {
  test('the usual ones where nobody says otherwise', () => {
    expect(pointsOf(file(''))).toEqual(usualPoints)
  })
  test('on a machine of one’s own a file may raise and lower', () => {
    const points = pointsOf(file('novelty: 0, action.destructive: 60'))
    expect(points).toEqual({ ...usualPoints, novelty: 0, 'action.destructive': 60 })
  })
  test('of several files the highest counts, in any order', () => {
    const files = [file('novelty: 1'), file('novelty: 9'), file('novelty: 3')]
    expect(pointsOf(...files).novelty).toBe(9)
    expect(pointsOf(...files.toReversed()).novelty).toBe(9)
  })
  test('the organisation’s win over the usual ones, and local ones only raise them', () => {
    const org = file('novelty: 2, volume: 40', 'org')
    expect(pointsOf(org)).toEqual({ ...usualPoints, novelty: 2, volume: 40 })
    const points = pointsOf(org, file('novelty: 0, volume: 50, time: 0, client: 9'))
    expect(points).toEqual({ ...usualPoints, novelty: 2, volume: 50, time: 10, client: 9 })
  })
})

describe('comparing', () => {
  const change = (before: string, after: string, more = '') => {
    made = 0
    const old = snapshotOfFiles([file(before, 'local', more)])
    made = 0
    return compareSnapshots(old, snapshotOfFiles([file(after, 'local', more)]))
  }
  const sentence = (now: number, then: number) =>
    `the risk factor \`novelty\` counts ${now} points where it counted ${then}`
  test('fewer points loosen, more tighten', () => {
    expect(change('novelty: 8', 'novelty: 7')).toEqual({ loosens: [sentence(7, 8)], tightens: [] })
    expect(change('novelty: 8', 'novelty: 9')).toEqual({ loosens: [], tightens: [sentence(9, 8)] })
  })
  test('more points are no proof where a condition looks at the risk', () => {
    const low = '  - { id: low, when: risk.score < 20, decision: DENY }\n'
    expect(change('novelty: 8', 'novelty: 9', low)).toEqual({ loosens: [sentence(9, 8)], tightens: [] })
  })
  test('nor where a rule lets through what scores high enough to be about it', () => {
    const snapshot = snapshotOfFiles([file('novelty: 8')])
    const more = { ...snapshot, points: { ...snapshot.points, novelty: 9 } }
    const [rule] = snapshot.rules
    if (!rule) throw new Error('the policy has a rule')
    const about = (effect: 'ALLOW' | 'DENY') => ({ ...rule, effect, match: { ...rule.match, fromRisk: 50 } })
    const compared = (effect: 'ALLOW' | 'DENY') =>
      compareSnapshots({ ...snapshot, rules: [about(effect)] }, { ...more, rules: [about(effect)] })
    expect(compared('ALLOW')).toEqual({ loosens: [sentence(9, 8)], tightens: [] })
    expect(compared('DENY')).toEqual({ loosens: [], tightens: [sentence(9, 8)] })
  })
  test('a first file of the organisation takes local discounts back, and its end gives them', () => {
    const mine = file('novelty: 0')
    const theirs = file('', 'org')
    const [alone, governed] = [snapshotOfFiles([mine]), snapshotOfFiles([mine, theirs])]
    expect(compareSnapshots(alone, governed).tightens).toContain(sentence(5, 0))
    expect(compareSnapshots(governed, alone).loosens).toContain(sentence(0, 5))
  })
  test('observe mode forbidden tightens, and no longer forbidden loosens', () => {
    const open = file('')
    const shut = { ...open, text: `observe: forbidden\n${open.text}` }
    const forbidden = { loosens: [], tightens: ['observe mode is forbidden'] }
    expect(compareSnapshots(snapshotOfFiles([open]), snapshotOfFiles([shut]))).toEqual(forbidden)
    const allowed = { loosens: ['observe mode is no longer forbidden'], tightens: [] }
    expect(compareSnapshots(snapshotOfFiles([shut]), snapshotOfFiles([open]))).toEqual(allowed)
  })
})

test.each([
  ['noveltey: 3', '`noveltey` is not a key of `points`', 'did you mean `novelty`?'],
  ['novelty: 101', '`101` is not a valid `novelty`', 'for example `novelty: 20`'],
  ['novelty: -1', '`-1` is not a valid `novelty`', 'for example `novelty: 20`'],
])('`%s` is a mistake that says what is right', (points, message, suggestion) => {
  const { snapshot, problems } = compileSnapshot([file(points)], sha256)
  expect(snapshot).toBe(null)
  expect(problems).toMatchObject([{ line: 2, message, suggestion }])
})
