import type { Clock } from '../ports.ts'

/** How long servers have to say which of their resources a client hears of: one that says it later is taken at its word. */
const waitMs = 5_000

export type Acknowledgement = ReturnType<typeof createAcknowledgement>

/**
 * What a client is told first of its `subscriptions/listen`: only what was subscribed to, so it waits for the servers that decide on their resources. What
 * they say of their lists meanwhile waits behind it (MCP 2026-07-28: the acknowledgement comes first).
 */
export function createAcknowledgement(clock: Clock, send: () => void) {
  const waiting = new Set<string>()
  const held: (() => void)[] = []
  let [begun, sent] = [false, false]
  const stop = clock.after(waitMs, settle)

  function settle(): void {
    if (sent) return
    sent = true
    stop()
    send()
    for (const each of held.splice(0)) each()
  }
  const look = () => void (begun && waiting.size === 0 && settle())

  return {
    /** A request to a server, by its id, that has to be answered first. */
    waitFor: (id: string) => void (sent || waiting.add(id)),
    /** It has been, or never will be. */
    answered(id: string): void {
      waiting.delete(id)
      look()
    },
    /** All that has to be waited for is known. */
    begin(): void {
      begun = true
      look()
    },
    /** Runs now, or once the client has been told. */
    after: (run: () => void) => void (sent ? run() : held.push(run)),
    isSent: () => sent,
    close: stop,
  }
}
