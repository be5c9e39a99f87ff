import { describe, expect, test } from 'vitest'
import { whyUnanswerable } from '../../../src-main/core/policy/approval-needs.ts'
import { compareSnapshots } from '../../../src-main/core/policy/compare.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import { compileSnapshot } from '../../../src-main/core/policy/snapshot.ts'
import { sha256, snapshotOfFiles } from './call.ts'

/** A file that says this of level 3, and a rule that is the same whatever it says. */
function file(needs: string, path = 'a.yaml', origin: PolicyFile['origin'] = 'local'): PolicyFile {
  const rule = `{ id: ${path}, match: { labels: { mcp.action: read } }, decision: ALLOW }`
  const approvals = needs === '' ? '' : `approvals:\n  - { level: 3, ${needs} }\n`
  return { path, origin, text: `version: v1\n${approvals}rules:\n  - ${rule}\n` }
}
const roles = (...names: string[]): PolicyFile => ({
  ...{ path: 'roles.yaml', origin: 'local' as const },
  text: `version: v1\nuser_roles: [${names.join(', ')}]\n`,
})
const atThree = (...files: PolicyFile[]) => snapshotOfFiles(files).approvals[2]

describe('what a level takes', () => {
  test('one answer of anybody where no file says otherwise, at the other levels too', () => {
    const usual = { groups: null, answers: 1, own: true, inClient: false }
    expect(snapshotOfFiles([file('')]).approvals).toEqual(Array(5).fill(usual))
    expect(snapshotOfFiles([file('answers: 2')]).approvals.filter(({ answers }) => answers === 1)).toHaveLength(4)
  })
  test('the strictest of all files, in any order, so that a local file loosens nothing of the organisation’s', () => {
    const org = file('groups: [security, finance], answers: 2, own: false', 'org.yaml', 'org')
    const local = file('groups: [security, me], answers: 1, own: true')
    const both = { groups: ['security'], answers: 2, own: false, inClient: false }
    expect(atThree(org, local)).toEqual(both)
    expect(atThree(local, org)).toEqual(both)
    const more = { groups: ['finance', 'security'], answers: 3, own: false, inClient: false }
    expect(atThree(org, file('answers: 3'))).toEqual(more)
  })
  test('groups that no two files share leave nobody', () => {
    const snapshot = snapshotOfFiles([file('groups: [a]'), file('groups: [b]', 'b.yaml'), roles('a', 'b')])
    expect(whyUnanswerable(snapshot, 3)).toBe(
      'nobody here can approve at level 3: the policy files name no group in common',
    )
  })
})

describe('whether a client may ask its person itself', () => {
  const says = (needs: string, path: string, origin: PolicyFile['origin'] = 'local') => ({
    ...file('', path, origin),
    text: file(needs, path).text.replace('level: 3', 'level: 1'),
  })
  const inClient = (...files: PolicyFile[]) => snapshotOfFiles(files).approvals.map((level) => level.inClient)
  const yes = (path: string, origin?: PolicyFile['origin']) => says('in_client: true', path, origin)
  const no = (path: string, origin?: PolicyFile['origin']) => says('in_client: false', path, origin)
  test('where a file says so and none forbids it, at level 1 alone', () => {
    expect(inClient(yes('a.yaml'), file('', 'c.yaml'))).toEqual([true, false, false, false, false])
    expect(inClient(yes('a.yaml'), no('b.yaml'))).toEqual(Array(5).fill(false))
    expect(inClient(no('b.yaml'), yes('a.yaml'))).toEqual(Array(5).fill(false))
  })
  test('beside files of the organisation one of those says it, and a local one may forbid it', () => {
    const org = file('', 'org.yaml', 'org')
    expect(inClient(yes('a.yaml'), org)[0]).toBe(false)
    expect(inClient(yes('org.yaml', 'org'), file('', 'c.yaml'))[0]).toBe(true)
    expect(inClient(yes('org.yaml', 'org'), no('a.yaml'))[0]).toBe(false)
  })
  test('not where it takes several people, nor where nobody answers what their own clients ask, whichever file says so', () => {
    for (const needs of ['answers: 2', 'own: false']) {
      expect(inClient(yes('a.yaml'), says(needs, 'b.yaml'))[0]).toBe(false)
      expect(inClient(says(`in_client: true, ${needs}`, 'a.yaml'))[0]).toBe(false)
    }
  })
  test('is a loosening, and the other way round a tightening', () => {
    const [without, within] = [snapshotOfFiles([no('a.yaml')]), snapshotOfFiles([yes('a.yaml')])]
    const sentence = 'an approval at level 1 takes one answer, also in the client where it took one answer'
    expect(compareSnapshots(without, within)).toEqual({ loosens: [sentence], tightens: [] })
    expect(compareSnapshots(within, without).loosens).toEqual([])
    expect(compareSnapshots(within, without).tightens).toHaveLength(1)
  })
})

describe('who can answer here', () => {
  const why = (needs: string, ...names: string[]) => whyUnanswerable(snapshotOfFiles([file(needs), roles(...names)]), 3)
  test('somebody in one of the groups', () => {
    expect(why('groups: [security, finance]', 'finance')).toBeNull()
    expect(why('groups: [security]', 'finance')).toContain(
      'somebody of `security`, and this user has the roles `finance`',
    )
    expect(why('groups: [security]')).toContain('this user has no role')
  })
  test('not two people, and nobody where own requests are out', () => {
    expect(why('answers: 2')).toContain('takes the answers of 2 people')
    expect(why('own: false')).toContain('nobody may answer what their own clients ask')
  })
  test('the other levels stay as they were', () => {
    const snapshot = snapshotOfFiles([file('answers: 2')])
    expect([1, 2, 3, 4, 5].map((level) => whyUnanswerable(snapshot, level) === null)).toEqual([
      ...[true, true, false, true, true],
    ])
  })
})

test('lint names each level that nobody here can answer, once, with its place', () => {
  const files = [file('answers: 2'), file('own: false', 'b.yaml')]
  const { warnings, problems } = compileSnapshot(files, sha256)
  expect(problems).toEqual([])
  expect(warnings.map(({ file: name, line, message }) => [name, line, message])).toEqual([
    ['a.yaml', 3, expect.stringContaining('nobody here can approve at level 3: it takes the answers of 2 people')],
  ])
  expect(compileSnapshot([file('groups: [ops]'), roles('ops')], sha256).warnings).toEqual([])
})

describe('comparing', () => {
  const change = (before: string, after: string) =>
    compareSnapshots(snapshotOfFiles([file(before)]), snapshotOfFiles([file(after)]))
  test.each([
    ['', 'answers: 2'],
    ['', 'groups: [a, b]'],
    ['', 'own: false'],
    ['groups: [a, b]', 'groups: [b]'],
    ['groups: [a, b], answers: 2', 'groups: [a], answers: 3, own: false'],
  ])('%j to %j tightens, and back loosens', (loose, tight) => {
    expect(change(loose, tight)).toEqual({ loosens: [], tightens: [expect.stringMatching(/^an approval at level 3/)] })
    expect(change(tight, loose)).toEqual({ loosens: [expect.stringMatching(/^an approval at level 3/)], tightens: [] })
  })
  test('other groups, and more of one with less of another, loosen', () => {
    expect(change('groups: [a]', 'groups: [b]').loosens).toEqual([
      'an approval at level 3 takes one answer of b where it took one answer of a',
    ])
    expect(change('own: false', 'answers: 2').loosens).toHaveLength(1)
    expect(change('groups: [a]', 'answers: 5').loosens).toHaveLength(1)
  })
  test('the order of groups is nothing', () => {
    expect(change('groups: [a, b]', 'groups: [b, a, b]')).toEqual({ loosens: [], tightens: [] })
  })
})

describe('a higher level that takes less', () => {
  const strict = 'approvals: [{ level: 1, answers: 2, groups: [security], own: false }]'
  const policy = (said: string, does: string, more = '') =>
    snapshotOfFiles([
      {
        ...{ path: 'a.yaml', origin: 'local' as const },
        text: `version: v1\n${said}\n${more}rules:\n  - { id: r, match: { labels: { mcp.server: "*" } }, ${does} }\n`,
      },
    ])
  const at = (level: number) => `decision: REQUIRE_APPROVAL, level: ${level}`
  const takes = '2 answers of security, none to one’s own request'

  test('makes a rule that rises to it looser, and says what it takes', () => {
    expect(compareSnapshots(policy(strict, at(1)), policy(strict, at(2)))).toEqual({
      loosens: [
        `rule \`r\` decides REQUIRE_APPROVAL at level 2 where it decided REQUIRE_APPROVAL at level 1; level 2 takes one answer, and level 1 took ${takes}`,
      ],
      tightens: [],
    })
  })
  test('does so too where other rules may ask below it, and not where the rule asked above those', () => {
    expect(compareSnapshots(policy(strict, 'decision: ALLOW'), policy(strict, at(2))).loosens).toHaveLength(1)
    expect(compareSnapshots(policy(strict, 'decision: ALLOW'), policy(strict, at(1))).loosens).toEqual([])
    expect(compareSnapshots(policy(strict, at(2)), policy(strict, at(3))).loosens).toEqual([])
    expect(compareSnapshots(policy(strict, at(1)), policy(strict, 'decision: DENY')).loosens).toEqual([])
  })
  test('is none any more once it takes as much', () => {
    const both = strict.replace('}]', '}, { level: 2, answers: 2, groups: [security], own: false }]')
    expect(compareSnapshots(policy(strict, at(1)), policy(both, at(2))).loosens).toEqual([])
    expect(compareSnapshots(policy(both, at(1)), policy(strict, at(2))).loosens).toHaveLength(2)
  })
  test('makes less risk accepted, and more points, looser where the floor may then ask at it', () => {
    const accepting = (risk: number, level: number) => policy(strict, `${at(level)}, accept_risk: ${risk}`)
    expect(compareSnapshots(accepting(90, 1), accepting(80, 1)).loosens).toEqual([
      `rule \`r\` accepts risk up to 80 where it accepted risk up to 90; level 3 takes one answer, and level 1 took ${takes}`,
    ])
    expect(compareSnapshots(accepting(90, 2), accepting(80, 2)).loosens).toEqual([])
    const points = (said: string, count: number) => policy(said, at(1), `risk: { points: { novelty: ${count} } }\n`)
    expect(compareSnapshots(points(strict, 20), points(strict, 30)).loosens).toHaveLength(1)
    expect(compareSnapshots(points('', 20), points('', 30)).loosens).toEqual([])
  })
})
