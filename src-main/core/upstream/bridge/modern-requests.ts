import type { ToolgateError } from '../../../../shared/errors.ts'
import { changedMembers } from '../../json/changed-members.ts'
import { type Message, metaOf, metaSpan, objectOf, paramOf, paramsOf } from '../../json/message.ts'
import { member, textOf } from '../../json/spans.ts'
import { modernError, modernResult, pagesWanted } from './answers.ts'
import { canBeAsked } from './capabilities.ts'
import type { FaceDeps, MessageId } from './face.ts'
import { createParked, sameness } from './parked.ts'
import type { Peer } from './peer.ts'
import { inputRequestsText, type Placed, type Question, resultText } from './server-questions.ts'
import { codes, lines, logLevels, mayAskForInput, metaKeys, mostInputs, mostRounds } from './vocabulary.ts'

/** A request that is with the server. `id` is the client's for it now, null while it is parked. */
type Running = {
  message: Message
  id: MessageId | null
  own: string
  questions: Question[]
  /** Pages to open before the server is asked again, as text of elicitation parameters. */
  pages: string[]
  rounds: number
  /** Gives the answer that came while the request was parked. */
  answer: (() => void) | null
}

/** How long what a server asks is gathered before it is asked: what it asks at once may come in several pieces. */
const gatherMs = 25

/** Members of `_meta` by which the stateless generation says what a session was told once. */
const sessionMeta = {
  [metaKeys.version]: null,
  [metaKeys.capabilities]: null,
  [metaKeys.client]: null,
  [metaKeys.logLevel]: null,
}

/**
 * The requests of clients of the stateless generation on a server of the one with sessions. What the server asks while it works on one
 * becomes the answer `input_required`; the client's repeated request brings what was asked, and waits for what the first one began: the
 * server gets one request (MCP 2026-07-28, multi round-trip requests).
 */
export function createModernRequests(peer: () => Peer, { toClient, lost, clock }: FaceDeps) {
  /** By the id that the server knows. */
  const all = new Map<string, Running>()
  const parked = createParked<Running>(clock, (running) => giveUp(running, 'the client did not come back'))

  function giveUp(running: Running, why: string): void {
    all.delete(running.own)
    peer().cancel(running.own, why)
    for (const { refuse } of running.questions) refuse(why)
  }

  function paramsFor(message: Message, own: string): string | null {
    const { raw } = message
    const meta = metaSpan(message)
    const token = meta && member(raw, meta, 'progressToken')
    const left = changedMembers(raw, meta, { ...sessionMeta, ...(token ? { progressToken: own } : {}) })
    const changes = { _meta: left === '{}' ? null : left, inputResponses: null, requestState: null, task: null }
    const text = changedMembers(raw, message.spans.get('params'), changes)
    return text === '{}' ? null : text
  }

  function send(running: Running): void {
    const { message } = running
    running.own = peer().ask(message.method ?? '', (own) => paramsFor(message, own), {
      answered: (answer) => settle(running, () => deliver(running, answer)),
      failed: (error: ToolgateError) => settle(running, () => running.id && lost(running.id, error)),
    })
    all.set(running.own, running)
  }

  /** The server is done with it; whoever comes back for a parked one gets that. */
  function settle(running: Running, answer: () => void): void {
    if (running.id === null) {
      running.answer = answer
      return
    }
    all.delete(running.own)
    for (const { refuse } of running.questions.splice(0)) refuse('the request that could carry this has ended')
    answer()
  }

  function deliver(running: Running, answer: Message): void {
    const { message, id } = running
    if (!id) return
    const pages = pagesWanted(answer)
    const opens = canBeAsked(metaOf(running.message)[metaKeys.capabilities], 'elicitation/create', { mode: 'url' })
    if (pages.length > 0 && pages.length <= mostInputs && opens && running.rounds < mostRounds) {
      running.pages = pages
      askForInput(running)
    } else if (answer.spans.has('error')) toClient(lines.errorText(id.text, modernError(answer)))
    else toClient(lines.result(id.text, modernResult(message, answer)))
  }

  /** Answers the client with what is asked, and keeps the request until it comes back. */
  function askForInput(running: Running): void {
    running.questions = running.questions.filter(({ isOpen }) => isOpen())
    const { message, id, questions, pages } = running
    if (!id || (questions.length === 0 && pages.length === 0)) return
    running.rounds++
    running.id = null
    const wanted = [
      ...questions,
      ...pages.map((params, index) => ({ key: `page${index + 1}`, method: 'elicitation/create', params })),
    ]
    const state = JSON.stringify(parked.park(running, sameness(message)))
    const requests = inputRequestsText(wanted)
    const result = `{"resultType":"input_required","inputRequests":${requests},"requestState":${state}}`
    toClient(lines.result(id.text, result))
  }

  function place(question: Question): Placed {
    const carriers = [...all.values()].filter(({ message }) => mayAskForInput.has(message.method ?? ''))
    if (carriers.length === 0) return 'nowhere'
    const fits = carriers.filter(
      (running) =>
        running.questions.length < mostInputs &&
        running.rounds < mostRounds &&
        canBeAsked(metaOf(running.message)[metaKeys.capabilities], question.method, question.given),
    )
    // Nothing says which request it belongs to; the newest that somebody waits for is likeliest.
    const running = fits.findLast(({ id }) => id !== null) ?? fits.at(-1)
    if (!running) return 'refused'
    running.questions.push(question)
    // What a server asks together is asked together.
    if (running.questions.length === 1) clock.after(gatherMs, () => askForInput(running))
    return 'carried'
  }

  /** Goes on with a parked request; false when the client's state is not good for that. */
  function goOn(message: Message, id: MessageId): boolean {
    const { raw } = message
    const running = parked.take(message)
    if (!running) return false
    const responses = paramOf(message, 'inputResponses')
    running.message = message
    running.id = id
    const given = (key: string) => (responses ? resultText(raw, member(raw, responses, key)) : null)
    running.questions = running.questions.filter(({ key, answer }) => {
      const text = given(key)
      if (text !== null) answer(text)
      return text === null
    })
    if (running.pages.length > 0) {
      const opened = running.pages.every((_page, index) => accepted(given(`page${index + 1}`)))
      running.pages = []
      if (opened) send(running)
      else toClient(lines.error(id.text, codes.internal, 'Toolgate: the page that the server wants opened was not'))
    } else if (running.answer) settle(running, running.answer)
    else if (running.rounds >= mostRounds) {
      for (const { refuse } of running.questions.splice(0)) refuse('the client was asked too often')
    } else askForInput(running)
    return true
  }

  return {
    place,

    /** Takes a request. An untrue `requestState` is refused; answers without one answer nothing, and what is wanted is asked again. */
    take(message: Message, id: MessageId): void {
      if (paramsOf(message).requestState === undefined) {
        send({ message, id, own: '', questions: [], pages: [], rounds: 0, answer: null })
      } else if (!goOn(message, id)) {
        const why = 'Invalid params: `requestState` is not one that this request was given, or no longer good'
        toClient(lines.error(id.text, codes.invalidParams, why))
      }
    },

    /** The client wants no answer any more; false when this is no request of its own here. */
    cancel(key: string): boolean {
      const running = [...all.values()].find(({ id }) => id?.key === key)
      if (running) giveUp(running, 'the client cancelled it')
      return running !== undefined
    },

    /** Passes on how far a request is, under the token of whoever waits for it now. */
    progress(message: Message): void {
      const { raw, spans } = message
      const running = all.get(String(paramsOf(message).progressToken))
      const meta = running ? metaSpan(running.message) : null
      const token = running?.id && meta ? member(running.message.raw, meta, 'progressToken') : null
      if (!running || !token) return
      const changes = { progressToken: textOf(running.message.raw, token) }
      toClient(lines.notification('notifications/progress', changedMembers(raw, spans.get('params'), changes)))
    },

    /** True when somebody who waits asked for log messages of this severity. */
    wantsLog(level: unknown): boolean {
      const severity = logLevels.indexOf(String(level))
      return [...all.values()].some((running) => {
        const least = logLevels.indexOf(String(metaOf(running.message)[metaKeys.logLevel]))
        return running.id !== null && least >= 0 && severity >= least
      })
    },

    /** The server is gone, and nothing that it was asked goes on. */
    close(): void {
      parked.close()
      all.clear()
    },
  }
}

/** True for the answer of a person who agreed. */
function accepted(result: string | null): boolean {
  return result !== null && objectOf(JSON.parse(result)).action === 'accept'
}
