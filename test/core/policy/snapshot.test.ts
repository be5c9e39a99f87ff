import { expect, test } from 'vitest'
import { describeRules } from '../../../src-main/core/policy/describe.ts'
import { decide } from '../../../src-main/core/policy/precedence.ts'
import type { PolicyFile } from '../../../src-main/core/policy/rule.ts'
import { subjectOf } from '../../../src-main/core/policy/rule-index.ts'
import { allFine, type CallParts, envelope, rules, snapshotOf, snapshotOfFiles } from './call.ts'

const subject = (server: string, tool: string, action: NonNullable<CallParts['action']>) =>
  subjectOf(envelope({ server, tool, action }))

const a: PolicyFile = { path: 'a.yaml', origin: 'local', text: rules('id: a, when: "true", decision: ALLOW') }
const b: PolicyFile = { path: 'b.yaml', origin: 'local', text: rules('id: b, when: "true", decision: DENY') }

test('the hash names exactly the files: origin, name and text, in whatever order they come', () => {
  const { hash } = snapshotOfFiles([a, b])
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(snapshotOfFiles([b, a]).hash).toBe(hash)
  const others: PolicyFile[][] = [
    [a],
    [a, { ...b, origin: 'org' }],
    [a, { ...b, path: 'c.yaml' }],
    [a, { ...b, text: `${b.text} ` }],
  ]
  for (const files of others) expect(snapshotOfFiles(files).hash).not.toBe(hash)
})

test('rules are found by label, in the order of the files, also when asked again', () => {
  const { index } = snapshotOf(
    rules(
      'id: glob, match: { labels: { mcp.server: "fi*", mcp.tool: "{read,list}_*" } }, decision: ALLOW',
      'id: exact, match: { labels: { mcp.server: [files, git] } }, decision: ALLOW',
      'id: listed, match: { mcp: { deny_servers_not_in: [git] } }, decision: ALLOW',
      'id: write, match: { labels: { mcp.server: files, mcp.action: [write, destructive] } }, decision: ALLOW',
      'id: any, match: { labels: { mcp.action: "*" } }, decision: ALLOW',
    ),
  )
  const ids = (...call: Parameters<typeof subject>) => index.candidates(subject(...call)).map((rule) => rule.id)
  for (let round = 0; round < 2; round++) {
    expect(ids('files', 'read_file', 'read')).toEqual(['glob', 'exact', 'listed', 'any'])
    expect(ids('files', 'write_file', 'write')).toEqual(['exact', 'listed', 'write', 'any'])
    expect(ids('git', 'read_file', 'read')).toEqual(['exact', 'any'])
    expect(ids('jira', 'list_issues', 'read')).toEqual(['listed', 'any'])
  }
})

test('names cannot be confused with one another', () => {
  const { index } = snapshotOf(rules('id: r, match: { labels: { mcp.server: a, mcp.tool: b } }, decision: ALLOW'))
  expect(index.candidates(subject('a', 'b', 'read'))).toHaveLength(1)
  expect(index.candidates(subject('a\nb', '', 'read'))).toHaveLength(0)
  expect(index.candidates(subject('', 'a\nb', 'read'))).toHaveLength(0)
  expect(index.candidates(subject('__proto__', 'b', 'read'))).toHaveLength(0)
})

test('more tools than are remembered are decided all the same', () => {
  const snapshot = snapshotOf(rules('id: r, match: { labels: { mcp.tool: "*1" } }, decision: ALLOW'))
  for (let i = 0; i < 10_000; i++) {
    const { effect } = decide(envelope({ tool: `t${i}` }), snapshot, allFine)
    expect(effect).toBe(i % 10 === 1 ? 'ALLOW' : 'DENY')
  }
})

test('decision time follows the candidates, not the number of rules', () => {
  const many = (count: number) =>
    snapshotOf(
      rules(
        ...Array.from(
          { length: count },
          (_, i) => `id: r${i}, match: { labels: { mcp.server: s${i % 50}, mcp.tool: "t${i}_*" } }, decision: ALLOW`,
        ),
      ),
    )
  const call = envelope({ server: 's1', tool: 't1_x' })
  const medianOf = (snapshot: ReturnType<typeof many>) => {
    const times = Array.from({ length: 301 }, () => {
      const started = performance.now()
      for (let i = 0; i < 20; i++) decide(call, snapshot, allFine)
      return performance.now() - started
    })
    return times.sort((x, y) => x - y)[150] ?? 0
  }
  const [few, lots] = [many(10), many(2_000)]
  medianOf(few)
  expect(medianOf(lots)).toBeLessThan(Math.max(medianOf(few), 0.002) * 10)
})

test('rules are listed for people by priority, then as written', () => {
  const snapshot = snapshotOf(
    rules(
      'id: one, match: { labels: { mcp.server: "*", mcp.action: write }, risk_tags: prod }, decision: REQUIRE_APPROVAL, level: 2, constraints: { max_runtime_sec: 60, network_allowlist: [] }',
      'id: two, match: { labels: { mcp.tool: "x_*" }, mcp: { deny_servers_not_in: [git] } }, when: "tool.tier  == 3", decision: DENY, reason: no',
      'id: three, match: { labels: { mcp.server: [a, b] } }, decision: ALLOW, accept_risk: 90, priority: 5',
    ),
  )
  expect(describeRules(snapshot.rules).map(({ id, line, summary }) => [id, line, summary])).toEqual([
    ['three', 5, 'allows calls on a, b; accepts risk up to 90'],
    ['one', 3, 'asks a person at level 2 about write calls on any server tagged prod; at most 60 s, no network'],
    ['two', 4, 'denies calls of x_* on any server but git; when tool.tier == 3; no'],
  ])
})
