import type { ConsentAnswer, ConsentSummary, ConsentView } from '../../../shared/consents.ts'
import { printable } from '../../../shared/printable.ts'
import { appLines } from '../app-text.ts'
import type { Cli } from '../cli.ts'
import { declined } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { columns, distance } from '../format.ts'
import { oneWaiting } from '../one-waiting.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate apps list`: oldest first, with those that came over the network told from those of this machine. */
export async function listApps(cli: Cli): Promise<undefined> {
  const waiting = (await cli.withGateway((client) => client.call('consents.list', {}))).sort(
    (one, other) => Date.parse(one.asked_at) - Date.parse(other.asked_at),
  )
  const now = Date.now()
  cli.result(waiting, () => (waiting.length === 0 ? ['no app waits for you'] : columns(waiting.map(rowOf(now)))))
}

/** The name comes last: it is the app's own, and must not look like what is said of it. */
const rowOf =
  (now: number) =>
  ({ id, app, asked_at, public_origin }: ConsentSummary) => [
    id,
    `asked ${distance(Date.parse(asked_at), now)} ago`,
    public_origin === null ? 'from this machine' : `over the network, by ${public_origin.replace('https://', '')}`,
    app,
  ]

/** For whom a person lets it work; absent: for whom it asks. */
type ForTenant = { tenant?: string }

/** `toolgate apps show`. */
export async function showApp(cli: Cli, id: string, { tenant }: ForTenant): Promise<undefined> {
  const view = await cli.withGateway((client) => appNamed(client, id, tenant))
  cli.result(view, () => appLines(view, Date.now()))
}

const questions: Record<ConsentAnswer, string> = {
  once: 'Let this app in for one hour?',
  always: 'Let this app in until you revoke it?',
  deny: 'Deny this app?',
}

/** `toolgate apps allow|deny`: shows the request in full, asks, and answers exactly what was shown. */
export async function answerApp(
  cli: Cli,
  id: string,
  answer: ConsentAnswer,
  { yes, as, tenant }: { yes?: boolean; as?: string } & ForTenant,
): Promise<undefined> {
  const view = await withPerson(
    cli,
    async (client) => {
      const shown = await appNamed(client, id, tenant)
      if (!cli.json || !yes) for (const line of appLines(shown, Date.now())) cli.say(line)
      if (!yes && !(await cli.terminal.confirm(questions[answer]))) {
        throw declined(answer === 'deny' ? 'nothing was denied' : 'nothing was allowed', 'the app still waits')
      }
      await giveAnswer(client, shown, answer)
      return shown
    },
    { as, first: (client) => appNamed(client, id, tenant) },
  )
  cli.result({ ...view, answer }, () => doneLines(view, answer))
}

/** Answers a request exactly as it was shown. */
export async function giveAnswer(client: ControlClient, view: ConsentView, answer: ConsentAnswer): Promise<void> {
  const { id, shown_hash, tenant } = view
  await client.call('consents.answer', { id, answer, shown_hash, tenant })
}

const done: Record<ConsentAnswer, string> = {
  once: 'it is let in for one hour, then it has to ask again',
  always: 'it is let in until you revoke it: `toolgate clients revoke`',
  deny: 'it was given nothing, and its browser is told',
}

/** What an answer did, and what a yes alone does not. */
export function doneLines({ app, client, policies }: ConsentView, answer: ConsentAnswer): string[] {
  const idle = answer !== 'deny' && policies.length === 0
  // The id may be an address that the app chose: it is no part of a command that somebody copies.
  const bind = asTyped('with `toolgate clients bind <client> <policy>`')
  return [
    `${printable(app)}: ${asTyped(done[answer])}`,
    ...(idle ? [`→ it can call no tool yet; bind an access policy to ${printable(client)} ${bind}`] : []),
  ]
}

/** The request with this id as it is now; throws NOT_FOUND. */
async function appNamed(client: ControlClient, id: string, tenant?: string): Promise<ConsentView> {
  const waiting = await client.call('consents.list', {})
  const one = oneWaiting(waiting, id, { what: 'app', list: 'toolgate apps list' })
  return client.call('consents.view', { id: one.id, ...(tenant === undefined ? {} : { tenant }) })
}
