import type { CallName, Output, PageDoor, PageEvent } from '../../shared/calls.ts'
import type { PageSession, Pages } from '../../src-main/core/control/pages.ts'

type Refusal = { code: string; message: string; hint: string }

/** One connection of a page, with its lines carried in memory: what any host's page does, without the host. */
export function attachPage(session: PageSession) {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (refusal: Refusal) => void }>()
  const events: PageEvent[] = []
  const told: (() => void)[] = []
  let send: (line: string) => void = () => {}
  let onClose = () => {}
  let closed = false
  let last = 0

  session.attach({
    onLine: (listener) => {
      send = listener
    },
    onClose: (listener) => {
      onClose = listener
    },
    write(line) {
      const message = JSON.parse(line)
      if (message.event) {
        events.push(message.event)
        for (const hear of told.splice(0)) hear()
        return
      }
      const call = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.ok) call?.resolve(message.value)
      else call?.reject(message)
    },
    close() {
      closed = true
    },
  })

  return {
    events,
    closed: () => closed,
    /** Sends a line as it is. */
    raw: (line: string) => send(line),
    call<N extends CallName>(call: N, input: object = {}): Promise<Output<N>> {
      const id = ++last
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
      send(JSON.stringify({ id, call, input }))
      return answer as Promise<Output<N>>
    },
    /** The code with which a call is refused; `allowed` when it is not. */
    async refusal(call: CallName, input: object = {}): Promise<string> {
      return this.call(call, input).then(
        () => 'allowed',
        ({ code }: Refusal) => code,
      )
    },
    /** Waits until some event, or one that came before, is what is looked for. */
    async hears(what: (event: PageEvent) => boolean): Promise<PageEvent> {
      for (;;) {
        const found = events.find(what)
        if (found) return found
        await new Promise<void>((resolve) => told.push(resolve))
      }
    },
    /** The connection breaks; the session stays. */
    drop: () => onClose(),
  }
}

/** A page that has just signed in at this door. */
export function openPage(pages: Pages, door: PageDoor, proof: 'native' | 'pin' = 'pin') {
  const session = pages.open(door, proof)
  return { ...attachPage(session), session }
}
