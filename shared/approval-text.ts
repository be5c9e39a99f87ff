import type { ApprovalView } from './approval.ts'
import { askedText, isAskedByServer } from './asked-words.ts'
import type { Action } from './envelope.ts'
import { peopleSentence } from './people-words.ts'
import { printable } from './printable.ts'

/** Built by us from what the tool was reviewed as, never from the server's own words (ui.md, words). */
const effects: Record<Action, string> = {
  read: 'which only reads',
  write: 'which changes something',
  destructive: 'which may delete or overwrite',
}

/** What is said of a request whether it still waits or not. */
type Asked = Omit<ApprovalView, 'state' | 'created_at' | 'expires_at' | 'caller_waits_until' | 'shown_hash'>

/** Who asks for what. */
type Who = Pick<ApprovalView, 'action' | 'server' | 'kind' | 'tool'> & {
  client: Pick<ApprovalView['client'], 'name' | 'tenant'>
}

/** One line: who wants what. */
export function approvalSentence({ client, action, server, kind, tool }: Who): string {
  const asked = printable(askedText(kind, tool))
  const who = client.tenant ? `${printable(client.name)}, for ${printable(client.tenant)},` : printable(client.name)
  if (isAskedByServer(kind)) return `${printable(server)} asks ${who} for ${asked}`
  if (kind !== 'tool') return `${who} asks ${printable(server)} for ${asked}`
  return `${who} wants to run ${printable(server)} › ${printable(tool)}, ${effects[action]}`
}

/** Everything a person needs to decide, arguments exact and whole; `times` says when it was asked and when it ends. */
export function requestLines(view: Asked, times: string): string[] {
  const { client, risk } = view
  const process = client.pid === null ? 'over HTTP, its process is not known' : `process ${client.pid}`
  return [
    approvalSentence(view),
    `  request    ${printable(view.id)}, level ${view.level}, ${times}`,
    `  client     ${printable(client.name)} (${client.identity}, ${process})`,
    ...(client.tenant ? [`  works for  ${printable(client.tenant)}`] : []),
    `  arguments  ${printable(view.arguments)}`,
    ...(view.also_sent === '' ? [] : [`  with       ${printable(view.also_sent)}`]),
    ...view.resources.map((resource) => `  touches    ${printable(resource)}`),
    `  why        ${printable(view.why)}`,
    ...(view.rules.length > 0 ? [`  rules      ${view.rules.map(printable).join(', ')}`] : []),
    ...Object.entries(view.constraints).map(([name, bound]) => `  bounded    ${name}: ${printable(String(bound))}`),
    `  risk       ${risk.score} of 100`,
    ...risk.factors
      .filter(({ points }) => points !== 0)
      .map(
        ({ name, points, detail }) =>
          `             ${points > 0 ? '+' : ''}${points} ${printable(name)}: ${printable(detail)}`,
      ),
    ...view.findings.map((finding) => `  found      ${printable(finding)}`),
    ...(view.people ? [`  answers    ${printable(peopleSentence(view.people))}`] : []),
    ...waitingLines(view.waiting),
  ]
}

function waitingLines(waiting: number): string[] {
  if (waiting === 0)
    return ['  waiting    nobody any more; a yes lets the same call run once when the same session makes it again']
  return waiting === 1 ? [] : [`  waiting    ${waiting} identical calls`]
}
