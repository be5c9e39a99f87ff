import { tenantIn } from '../../../shared/credential.ts'
import type { Question } from '../approvals/request.ts'
import { alsoSent } from '../envelope/also-sent.ts'
import type { DecidedCall } from './call.ts'
import { Refused } from './refused.ts'

/** A person must be able to see all of what they approve. */
const maxShownBytes = 1_048_576
/** Lines, as a page shows them: nobody reads every one of more. */
const maxShownLines = 100_000

/** What a person is asked about a held call. Throws Refused when it is too long to be shown whole. */
export function questionOf(call: DecidedCall, asked: Pick<Question, 'level' | 'binding' | 'editing'>): Question {
  const { request, envelope, decision } = call
  const { kind } = request
  const also_sent = kind === 'tool' ? alsoSent(request.params) : alsoSent(request.params, (key) => key !== '_meta')
  const lines = shownLines(request.argumentsText) + shownLines(also_sent)
  if (request.argumentsText.length + also_sent.length > maxShownBytes || lines > maxShownLines) {
    throw new Refused('MESSAGE_TOO_LARGE', 'blocked', [
      'The arguments are too long for a person to see in full, so nobody can approve them.',
    ])
  }
  return {
    ...asked,
    decided: { snapshot: decision.snapshot, fingerprint: envelope.tool.fingerprint },
    client: {
      id: request.client.id,
      name: request.client.name,
      identity: request.client.identity,
      pid: request.client.pid,
      ...tenantIn(request.client),
    },
    server: request.serverName,
    kind,
    tool: request.toolName,
    action: envelope.tool.action,
    arguments: request.argumentsText,
    also_sent,
    resources: [...envelope.resource.paths, ...envelope.resource.uris],
    why: decision.reason,
    rules: decision.rules.map(({ id, file, line }) => `${id} (${file}:${line})`),
    constraints: { ...decision.constraints },
    risk: { score: envelope.risk.score, factors: envelope.risk.factors },
    findings: call.findings.map(({ rule }) => rule),
    definition: { approved_at: call.tool?.approval.at ?? null, changes: call.changes },
    goes_to: destinationsOf(call),
  }
}

/** Hosts that the call names, and that of its server. */
function destinationsOf({ envelope, server }: DecidedCall): string[] {
  const own = server?.launch.transport === 'http' ? [new URL(server.launch.url).hostname] : []
  return [...new Set([...own, ...envelope.resource.hosts])]
}

const lineEnd = /\n/g

/** How many lines a JSON text has where it has most: as it was sent, or with a line for each value and its texts in full. */
function shownLines(text: string): number {
  const asSent = text.match(lineEnd)?.length ?? 0
  // Such a line takes two characters at least, so most calls need no closer look.
  if (text.length / 2 <= maxShownLines || text.length > maxShownBytes) return asSent
  let lines = 0
  const rest: unknown[] = [JSON.parse(text)]
  while (rest.length > 0) {
    const value = rest.pop()
    lines += typeof value === 'string' ? 1 + (value.match(lineEnd)?.length ?? 0) : 1
    if (typeof value !== 'object' || value === null) continue
    for (const member of Object.values(value)) rest.push(member)
  }
  return Math.max(asSent, lines)
}
