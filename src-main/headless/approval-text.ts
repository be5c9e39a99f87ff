import type { ApprovalView } from '../../shared/approval.ts'
import { askedText, isAskedByServer } from '../../shared/asked-words.ts'
import type { Action } from '../../shared/envelope.ts'
import { printable } from '../../shared/printable.ts'
import { count, distance } from './format.ts'

/** Built by us from what the tool was reviewed as, never from the server's own words (ui.md, words). */
const effects: Record<Action, string> = {
  read: 'which only reads',
  write: 'which changes something',
  destructive: 'which may delete or overwrite',
}

/** One line: who wants what. */
export function approvalSentence({ client, action, server, kind, tool }: ApprovalView): string {
  const asked = printable(askedText(kind, tool))
  if (isAskedByServer(kind)) return `${printable(server)} asks ${printable(client.name)} for ${asked}`
  if (kind !== 'tool') return `${printable(client.name)} asks ${printable(server)} for ${asked}`
  return `${printable(client.name)} wants to run ${printable(server)} › ${printable(tool)}, ${effects[action]}`
}

/** Everything a person needs to decide, arguments exact and whole. */
export function approvalLines(view: ApprovalView, now: number): string[] {
  const { client, risk } = view
  const process = client.pid === null ? 'over HTTP, its process is not known' : `process ${client.pid}`
  const times = `asked ${distance(Date.parse(view.created_at), now)} ago, denied by itself in ${distance(now, Date.parse(view.expires_at))}`
  return [
    approvalSentence(view),
    `  request    ${printable(view.id)}, level ${view.level}, ${times}`,
    `  client     ${printable(client.name)} (${client.identity}, ${process})`,
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
    ...(view.waiting === 1 ? [] : [`  waiting    ${count(view.waiting, 'identical call')}`]),
  ]
}
