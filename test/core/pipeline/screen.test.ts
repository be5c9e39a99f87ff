import { afterAll, expect, test } from 'vitest'
import { createAnswerReader } from '../../../src-main/core/answers/answer-reader.ts'
import { parseMessage } from '../../../src-main/core/json/message.ts'
import type { ForwardedCall } from '../../../src-main/core/pipeline/call.ts'
import { screen } from '../../../src-main/core/pipeline/screen.ts'
import { maxScannedBytes } from '../../../src-main/core/safety/screen.ts'

const answers = createAnswerReader()
afterAll(answers.close)

const token = ['gl', 'pat-', 'aB3dE5gH7jK9mN1pQ3sT'].join('')

/** What the stage reads of a call: the request's id and the server's answer. */
async function screened(answer: string, id = '1') {
  const message = parseMessage(Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":"tools/call"}`))
  const unbounded = { decision: { constraints: {} }, bounding: [], checked: { sqlRows: false } }
  const call = { answer: parseMessage(Buffer.from(answer)), request: { message }, ...unbounded }
  const { line, resultFindings } = await screen(call as unknown as ForwardedCall, { alert: () => {}, answers })
  return { text: line.toString(), findings: resultFindings.reduce((sum, { count }) => sum + count, 0) }
}

test.each([
  `{"jsonrpc":"2.0","id":1,"result":{"a":"${token}"}}`,
  `{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"${token}","data":{"b":["${token}"]}}}`,
  `{"jsonrpc":"2.0","extra":"${token}","id":1,"result":{},"error":{"message":"${token}"}}`,
  `{"jsonrpc":"2.0","id":1,"result":{},"x ${token}":{"_meta":"${token}"}}`,
])('a secret anywhere in %s is masked', async (answer) => {
  expect(await screened(answer)).toEqual({
    text: answer.replaceAll(token, '[masked: gitlab-token]'),
    findings: answer.split(token).length - 1,
  })
})

test('the id is neither masked nor lost, wherever it stands', async () => {
  const answer = `{"a":"${token}","id":4111111111111111,"result":{"b":"${token}"}}`
  expect((await screened(answer, '4111111111111111')).text).toBe(answer.replaceAll(token, '[masked: gitlab-token]'))
})

test('the answer to a repeated call goes back under the id of the client', async () => {
  const answer = `{"a":"${token}","id":"toolgate-repeat-1","result":{"n":1.0}}`
  expect((await screened(answer, '7')).text).toBe('{"a":"[masked: gitlab-token]","id":7,"result":{"n":1.0}}')
})

test('an answer too long to scan is withheld', async () => {
  const answer = `{"id":1,"result":"${'x'.repeat(maxScannedBytes)}"}`
  await expect(screened(answer)).rejects.toThrow(expect.objectContaining({ code: 'RESULT_WITHHELD' }))
})
