import { expect, test } from 'vitest'
import { parseMessage } from '../../../src-main/core/json/message.ts'
import type { Deps, SettledCall } from '../../../src-main/core/pipeline/call.ts'
import { forward } from '../../../src-main/core/pipeline/forward.ts'
import { judge } from '../../../src-main/core/pipeline/judge.ts'
import { callOf, denies, policy, type World } from './judged-call.ts'

const retries = 'id: reads, decision: ALLOW_WITH_CONSTRAINTS, constraints: { max_retries: 2 }'
const failed = parseMessage(Buffer.from('{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"busy"}}'))

/** How often a call is sent whose server always fails; `meanwhile` happens with each attempt. */
async function attemptsOf(meanwhile: (world: World) => void): Promise<number[]> {
  const { deps, open, world } = callOf(() => {})
  world.snapshot = policy(retries)
  world.tool.review.repeatable = true
  const sent: number[] = []
  const send = async (_message: unknown, attempt: number) => {
    sent.push(attempt)
    meanwhile(world)
    return { kind: 'answer', message: failed }
  }
  const settled = { ...(await judge(open, deps)), settledBy: { kind: 'policy' } }
  const call = {
    ...{ ...settled, continues: null, trail: { forwarding: async () => {}, bounded: () => {} } },
    request: { ...settled.request, send, signal: new AbortController().signal },
  }
  const more = { probe: () => {}, audit: { durable: async () => {} }, history: { novelty: () => null, ran: () => {} } }
  const continuations = { held: () => {}, asked: () => {} }
  const { attempts } = await forward(
    call as unknown as SettledCall,
    { ...deps, ...more, continuations } as unknown as Deps,
  )
  expect(attempts).toBe(sent.length)
  return sent
}

test('a call is not repeated under a policy that has come to deny it, or once its client is revoked', async () => {
  expect(await attemptsOf(() => {})).toEqual([1, 2, 3])
  const denied = (world: World) => {
    world.snapshot = policy(retries, denies)
  }
  expect(await attemptsOf(denied)).toEqual([1])
  const revoked = (world: World) => {
    world.revoked = true
  }
  expect(await attemptsOf(revoked)).toEqual([1])
})
