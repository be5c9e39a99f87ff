import { setTimeout as pause } from 'node:timers/promises'
import type { ApprovalView } from '../../../shared/approval.ts'
import { approvalSentence } from '../../../shared/approval-text.ts'
import { printable } from '../../../shared/printable.ts'
import { approvalLines } from '../approval-text.ts'
import type { Cli } from '../cli.ts'
import { CliError, exitCodes, usageError } from '../cli-error.ts'
import { asTyped } from '../command-name.ts'
import type { ControlClient } from '../control-client.ts'
import { provePresence } from '../prove-presence.ts'

const pollMs = 500

/** What ends one question without ending the watch: it was answered elsewhere, or is no longer what was shown. */
const passing = ['NOT_FOUND', 'CONFLICT', 'APPROVAL_EXPIRED', 'APPROVAL_PENDING', 'LEVEL_TOO_HIGH']

/**
 * `toolgate approvals watch`: asks about each waiting call as it comes, until the person leaves with Ctrl-C. With `--json`
 * it only prints each new request and answers nothing.
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
    cli.say('waiting for calls that need you; leave with Ctrl-C')
  }
  for (;;) {
    const fresh = (await client.call('approvals.list', {})).filter(({ id, shown_hash }) => !seen.has(id + shown_hash))
    for (const view of fresh.slice(0, cli.json ? fresh.length : 1)) {
      seen.add(view.id + view.shown_hash)
      if (cli.json) cli.result(view, () => [])
      else await answerOne(cli, client, view)
    }
    if (fresh.length === 0) await pause(pollMs)
  }
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
  const typed = (await cli.terminal.ask('[a]llow once, [d]eny, deny with a [r]eason, or Enter to leave it: '))
    .trim()
    .toLowerCase()
  const answer = typed === 'a' ? 'approve' : typed === 'd' || typed === 'r' ? 'deny' : null
  if (answer === null) {
    cli.say(`left waiting: ${printable(view.id)}`)
    return
  }
  const reason = typed === 'r' ? await cli.terminal.ask('reason: ') : ''
  const input = { id: view.id, answer, shown_hash: view.shown_hash, reason } as const
  try {
    const settled = await answerPresent(cli, client, () => client.call('approvals.answer', input))
    cli.say(`${settled.state}: ${approvalSentence(settled)}`)
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
