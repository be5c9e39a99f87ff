import { describe, expect, test } from 'vitest'
import { type RiskPoints, usualPoints } from '../../../shared/risk-factors.ts'
import { noHistory } from '../../../src-main/core/risk/history.ts'
import { type RiskInput, scoreAgain, scoreRisk } from '../../../src-main/core/risk/score.ts'

const harmless: RiskInput = {
  action: 'read',
  trustLevel: 'trusted',
  classification: 'internal',
  environment: 'development',
  identity: 'verified',
  paths: [],
  hosts: ['localhost'],
  findings: [],
  nearProtected: null,
  asksForSecret: null,
  history: noHistory,
}
const counted = (change: Partial<RiskInput>, points: RiskPoints = usualPoints) =>
  scoreRisk({ ...harmless, ...change }, points)
const finding = { rule: 'aws-access-key', count: 1 }

describe('each factor counts its points, and says why', () => {
  test.each<[string, number, string, Partial<RiskInput>]>([
    ['action.write', 30, 'write', { action: 'write' }],
    ['action.destructive', 50, 'destructive', { action: 'destructive' }],
    ['trust.restricted', 5, 'server is restricted', { trustLevel: 'restricted' }],
    ['trust.sandbox', 15, 'server is sandbox', { trustLevel: 'sandbox' }],
    ['classification.confidential', 5, 'confidential', { classification: 'confidential' }],
    ['classification.restricted', 10, 'restricted', { classification: 'restricted' }],
    ['environment', 10, 'production', { environment: 'production' }],
    ['client', 3, 'the client only claims its name', { identity: 'claimed' }],
    ['novelty', 5, 'new', { history: { ...noHistory, novelty: 'new' } }],
    ['volume', 15, 'many', { history: { ...noHistory, volume: 'many' } }],
    ['time', 10, 'late', { history: { ...noHistory, time: 'late' } }],
    ['sensitive_resource', 25, '/home/ada/.ssh/id_rsa', { paths: ['/tmp/a', '/home/ada/.ssh/id_rsa'] }],
    ['near_protected', 15, '/home/ada holds protected files', { nearProtected: '/home/ada' }],
    ['external_destination', 10, 'evil.example', { hosts: ['127.0.0.1', 'evil.example'] }],
    ['secret_in_arguments', 30, 'aws-access-key', { findings: [finding] }],
    ['asks_for_secret', 70, 'a field', { asksForSecret: 'a field' }],
  ])('%s', (name, points, detail, change) => {
    expect(counted(change).factors).toContainEqual({ name, points, detail })
    expect(counted({}).factors.map((factor) => factor.name)).not.toContain(name)
  })

  test('and what counts nothing is listed too, once each', () => {
    expect(counted({})).toEqual({
      score: 5,
      factors: [
        { name: 'action.read', points: 5, detail: 'read' },
        { name: 'trust.trusted', points: 0, detail: 'server is trusted' },
        { name: 'classification.internal', points: 0, detail: 'internal' },
      ],
    })
  })
})

test('the score is never above 100', () => {
  const worst = { action: 'destructive', trustLevel: 'sandbox', asksForSecret: 'x', findings: [finding] } as const
  expect(counted(worst).score).toBe(100)
})

test('policy counts otherwise, and what was recorded is scored again as it would have been', () => {
  const points = { ...usualPoints, novelty: 0, 'action.destructive': 60, 'trust.trusted': 7 }
  const change = { action: 'destructive', history: { ...noHistory, novelty: 'new' } } as const
  expect(counted(change, points).score).toBe(67)
  expect(scoreAgain(counted(change).factors, points)).toEqual(counted(change, points))
  expect(scoreAgain([{ name: 'from_before', points: 9, detail: '' }], points).score).toBe(9)
})

test('hostile paths, hosts and details do not stall it', () => {
  const many = Array.from({ length: 4096 }, (_, at) => `/${'a.'.repeat(2000)}${at}`)
  const began = process.threadCpuUsage()
  const { factors } = counted({ paths: many, hosts: many, environment: 'x'.repeat(1_000_000) })
  const { user, system } = process.threadCpuUsage(began)
  expect((user + system) / 1000).toBeLessThan(500)
  expect(Math.max(...factors.map(({ detail }) => detail.length))).toBeLessThanOrEqual(1_000)
})
