import { randomBytes } from 'node:crypto'
import { changedMembers } from '../../json/changed-members.ts'
import { type Message, objectOf } from '../../json/message.ts'
import { duplicateKey } from '../../json/outline.ts'
import { member, members, type Span, textOf } from '../../json/spans.ts'
import { canBeAsked } from './capabilities.ts'
import type { FaceDeps } from './face.ts'
import { codes, lines, mostInputs } from './vocabulary.ts'

/** What the client gave to all that was asked, as JSON text of `inputResponses`; or why there is nothing. */
export type Gathered = { responses: string } | { refused: { code: number; message: string } }

/** Before a server that wants nothing but to be asked again is; the TypeScript SDK waits as long. */
const pauseMs = 250

type Round = {
  /** Ids of the requests that are with the client, and the keys under which the server wants to hear of them. */
  left: Map<string, string>
  given: [key: string, text: string][]
  over: boolean
  done: (gathered: Gathered) => void
}

/**
 * Asks a client of the generation with sessions what a server of the stateless one wants before it answers: each of its
 * `inputRequests` becomes a request to the client (MCP 2026-07-28, multi round-trip requests). `able`: what the client said that it can do.
 */
export function createInputRounds({ toClient, soon, clock }: FaceDeps, able: () => unknown) {
  /** Rounds by the ids of the requests that are with the client. */
  const asked = new Map<string, Round>()
  const prefix = `toolgate-input-${randomBytes(8).toString('hex')}-`
  let count = 0

  function end(round: Round, gathered: Gathered): void {
    if (round.over) return
    round.over = true
    withdraw(round)
    round.done(gathered)
  }

  function withdraw(round: Round): void {
    round.over = true
    for (const id of round.left.keys()) {
      asked.delete(id)
      const params = JSON.stringify({ requestId: id, reason: 'the request that asked for it has ended' })
      toClient(lines.notification('notifications/cancelled', params))
    }
    round.left.clear()
  }

  const refusal = (message: string): Gathered => ({
    refused: { code: codes.internal, message: `Toolgate: ${message}` },
  })

  return {
    /**
     * Asks for what an answer of `resultType: input_required` wants. `done` is called later, once; the returned function takes the questions
     * back, and then it is not.
     */
    gather(answer: Message, done: (gathered: Gathered) => void): () => void {
      const round: Round = { left: new Map(), given: [], over: false, done }
      const wanted = wantedBy(answer)
      const why = wanted === null ? 'what it asks for is not well-formed' : complaint(wanted, able())
      if (wanted === null || why !== null) {
        soon(() => end(round, refusal(`the server cannot be answered: ${why}`)))
        return () => withdraw(round)
      }
      // It is too busy, and wants to be asked again.
      if (wanted.length === 0) clock.after(pauseMs, () => end(round, { responses: '{}' }))
      for (const { key, method, params } of wanted) {
        const id = `${prefix}${++count}`
        round.left.set(id, key)
        asked.set(id, round)
        toClient(lines.request(JSON.stringify(id), method, paramsFor(answer, method, params)))
      }
      return () => withdraw(round)
    },

    /** Takes an answer of the client; false when it answers nothing that was asked here. */
    take(message: Message): boolean {
      const id = message.json.id
      const round = typeof id === 'string' ? asked.get(id) : undefined
      if (!round || typeof id !== 'string') return false
      asked.delete(id)
      const key = round.left.get(id) ?? ''
      round.left.delete(id)
      const result = message.spans.get('result')
      // What could be read in two ways goes no further, as in any request.
      if (!result || message.raw[result.start] !== 0x7b || duplicateKey(message.raw, result) !== null) {
        const said = objectOf(message.json.error).message
        const words = typeof said === 'string' ? `: ${said.slice(0, 500)}` : ''
        end(round, refusal(`the client did not give what the server asked for${words}`))
        return true
      }
      round.given.push([key, textOf(message.raw, result)])
      if (round.left.size === 0) {
        const parts = round.given.map(([name, text]) => `${JSON.stringify(name)}:${text}`)
        end(round, { responses: `{${parts.join(',')}}` })
      }
      return true
    },
  }
}

type Wanted = { key: string; method: string; params: Span | null; given: Record<string, unknown> }

/** What an answer asks for; null when it cannot be read. A key that comes twice could be answered twice. */
function wantedBy({ raw, spans }: Message): Wanted[] | null {
  const result = spans.get('result')
  const requests = result && member(raw, result, 'inputRequests')
  if (!requests) return []
  if (raw[requests.start] !== 0x7b) return null
  const found = members(raw, requests).map(({ key, value }) => {
    const { method, params } = objectOf(JSON.parse(textOf(raw, value)))
    return {
      key,
      method: typeof method === 'string' ? method : '',
      params: member(raw, value, 'params'),
      given: objectOf(params),
    }
  })
  return new Set(found.map(({ key }) => key)).size === found.length ? found : null
}

function complaint(wanted: readonly Wanted[], able: unknown): string | null {
  if (wanted.length > mostInputs) return `it asks for more than ${mostInputs} things at once`
  const beyond = wanted.find(({ method, given }) => !canBeAsked(able, method, given))
  return beyond ? `it asks for \`${beyond.method.slice(0, 80)}\`, which this client cannot do` : null
}

/** Before 2026-07-28 a page to open had a name of its own, which the client may be told later to be done with. */
function paramsFor({ raw }: Message, method: string, params: Span | null): string {
  const url = method === 'elicitation/create' && params !== null && modeOf(raw, params) === 'url'
  const named = url ? { elicitationId: JSON.stringify(`toolgate-${randomBytes(12).toString('hex')}`) } : {}
  return changedMembers(raw, params, named)
}

function modeOf(raw: Buffer, params: Span): unknown {
  const mode = member(raw, params, 'mode')
  return mode && JSON.parse(textOf(raw, mode))
}
