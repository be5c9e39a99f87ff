import { type Message, parseMessage } from '../json/message.ts'
import type { Deps } from '../pipeline/call.ts'
import { stoppedBy } from '../stop/halts.ts'
import type { SessionEvent } from './admission.ts'
import { createAnswers } from './answers.ts'
import { createAsked } from './asked.ts'
import type { createCatalogue } from './catalogue.ts'
import { createListeners } from './listeners.ts'
import type { Noted } from './record-events.ts'
import type { SessionInfo } from './session.ts'
import { createTally } from './tally.ts'
import { createViews } from './views.ts'

/**
 * What a client says of itself; `ownMeta`: with what its server is asked beside it, null in the generation with sessions; `name`:
 * what it calls itself, null before it did.
 */
export type Speaks = {
  generation: 'legacy' | 'modern'
  apps: boolean
  /** Whether it asks its person what a form asks (MCP, elicitation). */
  forms: boolean
  ownMeta: Record<string, unknown> | null
  name: string | null
}

type Parts = {
  toClient: (line: Buffer) => void
  toServer: (line: Buffer) => void
  event: SessionEvent
  noted: Noted
  /** Holds up what the server writes, until what is returned is called. */
  hold: () => () => void
  screened: (message: Message) => Buffer
  catalogue: ReturnType<typeof createCatalogue>
  speaks: () => Speaks
}

/** What a server says of its own accord in one session, its questions and its news, and what its client sees of its lists. */
export function createNews(info: SessionInfo, deps: Deps, parts: Parts) {
  const { toClient, toServer, event, noted, hold, screened, catalogue, speaks } = parts
  const asked = createAsked(info, deps, { toClient, toServer, noted, hold })
  const views = createViews(info, deps, speaks)
  const listeners = createListeners()
  const tally = createTally(event)

  return {
    asked,
    listeners,
    tally,
    reviewed: createAnswers({ registry: deps.registry, serverName: info.serverName, catalogue, views }),

    /** Takes a request or notification of the server: its questions are decided, its news pass. Throws STOPPED. */
    told(message: Message): void {
      const { method } = message
      const announced = /^notifications\/(tools|resources|prompts)\/list_changed$/.exec(method ?? '')?.[1]
      if (announced === 'tools') catalogue.forget()
      // The client hears that its lists changed once there are lists again.
      const halt = deps.haltOf(info.serverName, info.client.id)
      if (halt) throw stoppedBy(halt)
      if (announced) views.forget(announced)
      if (message.kind === 'notification' && !tally.passes(message)) return
      if (method === 'notifications/cancelled' && asked.cancel(message)) return
      if (method === 'notifications/subscriptions/acknowledged') {
        toClient(screened(parseMessage(listeners.acknowledged(message))))
        return
      }
      const line = screened(message)
      if (!asked.take(line === message.raw ? message : parseMessage(line))) toClient(line)
    },

    /** Policy, a review or the switch that stops everything may have changed: tells the client which of its lists look different. */
    viewsChanged(): void {
      const { generation } = speaks()
      for (const kind of views.changed()) for (const line of listeners.lines(kind, generation)) toClient(line)
    },
  }
}
