import { setTimeout as pause } from 'node:timers/promises'
import type { ApprovalView } from '../../../shared/approval.ts'
import { approvalSentence } from '../../../shared/approval-text.ts'
import type { Output } from '../../../shared/calls.ts'
import type { ConsentAnswer } from '../../../shared/consents.ts'
import { printable } from '../../../shared/printable.ts'
import { appLines } from '../app-text.ts'
import { approvalLines } from '../approval-text.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes, usageError } from '../cli-error.ts'
import { asTyped, commandName } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { provePresence } from '../prove-presence.ts'
import { doneLines, giveAnswer } from './apps.ts'

const pollMs = 500

/** What ends one question without ending the watch: it was answered elsewhere, is no longer what was shown, or is an admin's to answer. */
const passing = ['NOT_FOUND', 'CONFLICT', 'APPROVAL_EXPIRED', 'APPROVAL_PENDING', 'LEVEL_TOO_HIGH', 'ADMIN_ONLY']

/** None of these keys allows a call: one that is typed for a call lets no app in. */
const appAnswers = new Map<string, ConsentAnswer>([
  ['h', 'once'],
  ['u', 'always'],
  ['d', 'deny'],
])

/**
 * `toolgate approvals watch`: asks about each waiting call, and each app that asks to connect, as it comes, until the person leaves with
 * Ctrl-C. With `--json` it only prints each new request and answers nothing.
 */
export async function watchApprovals(cli: Cli): Promise<undefined> {
  if (!cli.json && !cli.terminal.interactive) {
    throw usageError('there is no keyboard to answer with', 'run it in a terminal, or print requests with --json')
  }
  const seen = new Set<string>()
  for (let client = await cli.gateway(); ; client = await nextGateway(cli)) {
    try {
      await watchOne(cli, client, seen)
    } catch (error) {
      if (!(error instanceof CliError) || error.exit !== exitCodes.unreachable) throw error
      cli.say(`${printable(error.message)}; waiting for the next one`)
    } finally {
      client.close()
    }
  }
}

/** Watches one gateway until its connection ends, which throws UNREACHABLE. */
async function watchOne(cli: Cli, client: ControlClient, seen: Set<string>): Promise<never> {
  if (!cli.json) {
    await provePresence(cli, client)
    cli.say('waiting for calls and apps that need you; leave with Ctrl-C')
  }
  for (;;) {
    const asked = (await nextCall(cli, client, seen)) || (await nextApp(cli, client, seen))
    if (!asked) await pause(pollMs)
  }
}

/** Asks about the first call that was not shown yet, or prints all of them; false when there is none. */
async function nextCall(cli: Cli, client: ControlClient, seen: Set<string>): Promise<boolean> {
  const fresh = (await client.call('approvals.list', {})).filter(({ id, shown_hash }) => !seen.has(id + shown_hash))
  for (const view of fresh.slice(0, cli.json ? fresh.length : 1)) {
    seen.add(view.id + view.shown_hash)
    if (cli.json) cli.result(view, () => [])
    else await answerOne(cli, client, view)
  }
  return fresh.length > 0
}

/** Asks about the first app that was not shown yet, or prints it. One that is no longer what was shown is shown again. */
async function nextApp(cli: Cli, client: ControlClient, seen: Set<string>): Promise<boolean> {
  const waiting = await client.call('consents.list', {})
  const next = waiting.find(({ id }) => !seen.has(id))
  if (!next) return false
  seen.add(next.id)
  if (!cli.json && next.public_origin !== null) {
    cli.say(fromAfar(next))
    return true
  }
  await passingOver(cli, async () => {
    const view = await client.call('consents.view', { id: next.id })
    if (cli.json) return cli.result(view, () => [])
    for (const line of ['\u0007', ...appLines(view, Date.now())]) cli.say(line)
    const question = 'type h (let it in for one hour), u (until you revoke it), d (deny), or press Enter to leave it: '
    const typed = await askKey(cli, question, [...appAnswers.keys()])
    const answer = appAnswers.get(typed)
    if (answer === undefined) return cli.say(`left waiting: ${printable(view.id)}`)
    try {
      await answerPresent(cli, client, () => giveAnswer(client, view, answer))
    } catch (error) {
      if (error instanceof CliError && error.code === 'CONFLICT') seen.delete(next.id)
      throw error
    }
    for (const line of doneLines(view, answer)) cli.say(line)
  })
  return true
}

/** Strangers neither ring nor are waited for: calls of this machine would not be asked about meanwhile. */
function fromAfar({ id, app }: Output<'consents.list'>[number]): string {
  return `${printable(app)} asks to connect over the network: \`${commandName()} apps show ${printable(id)}\``
}

/** The gateway that somebody starts; a watch alone starts none again, so an idle one may end. */
async function nextGateway(cli: Cli): Promise<ControlClient> {
  for (;;) {
    const client = await cli.running()
    if (client) return client
    await pause(pollMs)
  }
}

async function answerOne(cli: Cli, client: ControlClient, view: ApprovalView): Promise<void> {
  for (const line of ['\u0007', ...approvalLines(view, Date.now())]) cli.say(line)
  const question = 'type a (allow once), d (deny), r (deny with a reason), or press Enter to leave it: '
  const typed = await askKey(cli, question, ['a', 'd', 'r'])
  const answer = typed === 'a' ? 'approve' : typed === 'd' || typed === 'r' ? 'deny' : null
  if (answer === null) {
    cli.say(`left waiting: ${printable(view.id)}`)
    return
  }
  const reason = typed === 'r' ? await cli.terminal.ask('reason: ') : ''
  const input = { id: view.id, answer, shown_hash: view.shown_hash, reason } as const
  await passingOver(cli, async () => {
    const settled = await answerPresent(cli, client, () => client.call('approvals.answer', input))
    cli.say(`${settled.state}: ${approvalSentence(settled)}`)
  })
}

/** One of these keys, or nothing. What is no answer, such as a `y` or an `n`, is said to be none, and asked again. */
async function askKey(cli: Cli, question: string, keys: readonly string[]): Promise<string> {
  for (;;) {
    const typed = (await cli.terminal.ask(question)).trim().toLowerCase()
    if (typed === '' || keys.includes(typed)) return typed
    cli.say(`\`${printable(typed)}\` is none of these`)
  }
}

/** Says what ended a question; throws what ends the watch. */
async function passingOver(cli: Cli, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof CliError) || !passing.includes(error.code)) throw error
    cli.say(asTyped(`${error.message}\n→ ${error.hint}`))
  }
}

/** Answers, asking for the PIN again when the last proof is too long ago. */
async function answerPresent<T>(cli: Cli, client: ControlClient, answer: () => Promise<T>): Promise<T> {
  try {
    return await answer()
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'PRESENCE_REQUIRED') throw error
    await provePresence(cli, client)
    return answer()
  }
}
