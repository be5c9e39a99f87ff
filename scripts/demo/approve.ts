import type { ApprovalView } from '../../shared/approval.ts'
import type { CallAnswer } from './agent.ts'
import { expect, within } from './expect.ts'
import type { Stage } from './stage.ts'

type Call = () => Promise<CallAnswer>
type Answered = { answer: CallAnswer; approved: boolean }

/** The demo answers the waiting call, at a terminal and by PIN, as a person would. */
export async function approveAsPerson(stage: Stage, call: Call): Promise<Answered> {
  const { narrator, commands, pin } = stage
  const answered = call()
  const request = await waitingRequest(stage, answered)
  narrator.say('Nothing has been written yet. You look at the request and answer it:')
  const words = ['approvals', 'approve', request.id]
  narrator.command(`npx toolgate ${words.join(' ')}`)
  narrator.quote(
    await commands.atTerminal(words, [
      ['PIN:', pin],
      ['Allow this call once?', 'y'],
    ]),
  )
  return { answer: await within(30, 'the approved call', answered), approved: true }
}

/** The viewer answers, in the app or in a terminal of their own; a client that is told to retry does so until then. */
export async function approveByViewer(stage: Stage, call: Call): Promise<Answered> {
  const { narrator, root, folder, pin } = stage
  let answered = call()
  const request = await waitingRequest(stage, answered)
  narrator.say('Nothing has been written yet. Open the app in a browser and answer it there:')
  narrator.command('npx toolgate open --print')
  narrator.quote(await stage.commands.atTerminal(['open', '--print'], [['PIN:', pin]]))
  narrator.say(`The PIN is ${pin}. Or answer in another terminal; there \`open\` also makes a new link:`)
  narrator.command(`cd ${root}`)
  narrator.command(`npx toolgate approvals approve ${request.id} --profile ${folder.profile}`)
  narrator.command(`npx toolgate open --profile ${folder.profile}`)
  narrator.say('The demo waits for you; Ctrl-C ends it.')
  for (;;) {
    const answer = await answered
    if (answer.refusal !== 'APPROVAL_PENDING') return { answer, approved: answer.refusal === null }
    answered = call()
  }
}

/** Waits until the call waits for a person, and shows the list that says so. */
async function waitingRequest({ narrator, commands }: Stage, answered: Promise<CallAnswer>): Promise<ApprovalView> {
  let early: CallAnswer | undefined
  answered.then(
    (answer) => {
      early = answer
    },
    (error: unknown) => {
      early = { id: 0, isError: true, refusal: null, text: String(error) }
    },
  )
  for (;;) {
    const [request] = await commands.json<ApprovalView[]>('approvals', 'list')
    expect(early === undefined, 'the call waits for a person', early)
    if (!request) continue
    narrator.verdict('waits', 'REQUIRE_APPROVAL', 'by rule changes-wait-for-me')
    narrator.command('npx toolgate approvals list')
    narrator.quote(await commands.run('approvals', 'list'))
    return request
  }
}
