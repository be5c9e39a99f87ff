import type { StreamView } from '../../../shared/audit-stream.ts'
import { callErrors } from '../../../shared/call-errors.ts'
import type { StatusView } from '../../../shared/calls.ts'
import { printable } from '../../../shared/printable.ts'
import type { ServerView } from '../../../shared/server.ts'
import type { Cli } from '../cli.ts'
import { CliError } from '../cli-error.ts'
import {
  checkAudit,
  checkFolders,
  checkLeftovers,
  checkNode,
  checkPlace,
  checkPolicy,
  checkSettings,
} from '../doctor/files.ts'
import { type Finding, fail, good, note } from '../doctor/finding.ts'
import { runnable } from '../find-command.ts'
import { count } from '../format.ts'
import { streamText } from '../stream-text.ts'

/** `toolgate doctor`: looks at everything that can be wrong on this machine and says how to mend it; exit 1 on a problem. */
export async function doctor(cli: Cli): Promise<number> {
  const misplaced = checkPlace(cli.paths)
  const findings = misplaced ? [checkNode(), misplaced] : await lookAround(cli)
  const problems = findings.filter(({ level }) => level === 'problem').length
  cli.result({ ok: problems === 0, findings }, () => [
    ...findings.flatMap(findingLines),
    problems === 0 ? 'no problem found' : count(problems, 'problem'),
  ])
  return problems === 0 ? 0 : 1
}

async function lookAround(cli: Cli): Promise<Finding[]> {
  const { finding, status, servers } = await askGateway(cli)
  return [
    checkNode(),
    ...checkFolders(cli.paths),
    checkSettings(cli.paths),
    finding,
    ...checkLeftovers(cli.paths, status !== null),
    checkAudit(cli.paths, cli.secrets, status),
    ...checkPolicy(cli.paths, status),
    ...(status ? checkStatus(status) : []),
    ...servers.map((server) => checkServer(server, status)),
  ]
}

const marks: Record<Finding['level'], string> = { ok: 'ok  ', note: 'note', problem: 'BAD ' }

function findingLines({ level, check, text, hint }: Finding): string[] {
  return [`${marks[level]} ${check}: ${printable(text)}`, ...(hint ? [`     → ${printable(hint)}`] : [])]
}

type Answer = { finding: Finding; status: StatusView | null; servers: ServerView[] }

async function askGateway(cli: Cli): Promise<Answer> {
  try {
    const client = await cli.running()
    if (!client) {
      const finding = note('gateway', 'none runs; commands and clients start one when they need it')
      return { finding, status: null, servers: [] }
    }
    const [status, servers] = [await client.call('status', {}), await client.call('servers.list', {})]
    client.close()
    return { finding: good('gateway', `process ${status.pid} answers on ${status.socket}`), status, servers }
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return { finding: fail('gateway', error.message, error.hint), status: null, servers: [] }
  }
}

function checkStatus(status: StatusView): Finding[] {
  const { policy } = status
  return [
    ...(policy.waiting ? [note('policy', 'a looser one waits for you', 'see `toolgate policy confirm`')] : []),
    ...(status.stopped
      ? [note('gateway', 'stopped: nothing runs', 'resume at the approval page: `toolgate resume` leads there')]
      : []),
    status.presence_enrolled
      ? good('presence', 'a PIN is enrolled')
      : status.presence_lost
        ? fail('presence', callErrors.PRESENCE_LOST[0], callErrors.PRESENCE_LOST[1])
        : note('presence', 'no PIN is enrolled', 'enrol one with `toolgate presence enroll`'),
    ...status.audit.streams.map((stream) => checkStream(stream, status.audit.entries)),
  ]
}

function checkStream(stream: StreamView, entries: number): Finding {
  const check = `stream ${printable(stream.name)}`
  const { problem } = stream
  if (problem) return (problem.urgent ? fail : note)(check, problem.text, problem.hint)
  return good(check, streamText(stream, entries))
}

function checkServer({ name, launch, state }: ServerView, status: StatusView | null): Finding {
  const check = `server ${printable(name)}`
  const runs = status?.servers.find((server) => server.name === name)?.runs
  if (launch.transport === 'stdio' && !runnable(launch.command)) {
    return fail(
      check,
      `its command \`${launch.command}\` is not there`,
      `install it, or register it again with \`toolgate servers add\``,
    )
  }
  if (runs === 'crashing') {
    return fail(check, 'it keeps ending, so its calls are refused', `see why with \`toolgate servers show ${name}\``)
  }
  if (runs === 'unreachable') {
    return note(check, 'it could not be reached the last time', `see why with \`toolgate servers show ${name}\``)
  }
  if (state === 'approved')
    return good(
      check,
      launch.transport === 'stdio' ? 'approved, and its command is there' : 'approved, reached over HTTP',
    )
  return note(check, `${state}, not approved`, `review it with \`toolgate servers approve ${name}\``)
}
