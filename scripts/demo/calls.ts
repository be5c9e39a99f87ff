import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallAnswer } from './agent.ts'
import { approveAsPerson, approveByViewer } from './approve.ts'
import { expect } from './expect.ts'
import type { Stage } from './stage.ts'

type Args = Record<string, unknown>

/** Calls that policy lets through at once, to both servers. */
export async function allowedReads(stage: Stage): Promise<void> {
  const { narrator, folder } = stage
  narrator.step('A client in front: its reads are allowed')
  narrator.say(
    'It is built on the official MCP SDK, and starts `toolgate connect files` where it would start the server.',
  )
  const path = join(folder.workspace, 'todo.txt')
  const read = await call(stage, 'files', 'read_text_file', { path })
  expect(!read.isError && read.text === readFileSync(path, 'utf8'), 'the read gives the content of the file', read)
  narrator.verdict('good', 'ALLOW', 'by rule reads-are-fine')

  const message = 'is anybody there?'
  const echo = await call(stage, 'everything', 'echo', { message })
  expect(!echo.isError && echo.text.includes(message), 'the echo comes back', echo)
  narrator.verdict('good', 'ALLOW', 'by the same rule')
}

/** A call that policy refuses, although the server itself would make it. */
export async function deniedWrite(stage: Stage): Promise<void> {
  const { narrator, folder } = stage
  narrator.step('A write outside of the workspace is denied')
  narrator.say('The files server could reach this file. The call never gets to it.')
  const path = join(folder.home, 'elsewhere')
  const answer = await call(stage, 'files', 'create_directory', { path })
  expect(
    answer.refusal === 'POLICY_DENIED' && answer.text.includes('stay-in-the-workspace'),
    'policy denies the write, by rule stay-in-the-workspace',
    answer,
  )
  expect(!existsSync(path), 'there is no such folder', path)
  narrator.verdict('bad', 'DENY', 'and there is no such folder')
}

/** A call that waits until a person has answered it. */
export async function waitingWrite(stage: Stage): Promise<void> {
  const { narrator, folder, agent, pause } = stage
  narrator.step('A write in the workspace waits for a person')
  const path = join(folder.workspace, 'poems')
  narrator.call('files', 'create_directory', { path })
  const order = () => agent.call('files', 'create_directory', { path })
  const { answer, approved } = await (pause ? approveByViewer(stage, order) : approveAsPerson(stage, order))
  narrator.say('And the client, which has waited for its answer, gets it:')
  narrator.quote(answer.text)
  if (!approved) {
    expect(answer.refusal === 'APPROVAL_DENIED' && !existsSync(path), 'a call that a person denied is not made', answer)
    narrator.verdict('bad', 'denied', 'by you, so there is no folder poems')
    return
  }
  expect(!answer.isError && existsSync(path), 'the approved write is made', answer)
  narrator.verdict('good', 'approved', 'and the folder poems is there')
}

async function call({ narrator, agent }: Stage, server: string, tool: string, args: Args): Promise<CallAnswer> {
  narrator.call(server, tool, args)
  const answer = await agent.call(server, tool, args)
  narrator.quote(answer.text)
  return answer
}
