/** So much waits for a question that is being decided; a server that writes more loses its order, not our memory. */
const mostWaiting = { lines: 1_000, bytes: 16 * 1024 * 1024 }

/**
 * Keeps what a server writes in its order while one of its questions is decided, which takes a moment: what it wrote after the question
 * comes after it. A question that waits for a person holds nothing up.
 */
export function createInOrder(deliver: (line: Buffer) => void) {
  const waiting: Buffer[] = []
  let bytes = 0
  let holds = 0

  /** Lets the oldest lines go while `more` says so. */
  function release(more: () => boolean): void {
    while (more()) {
      const line = waiting.shift()
      if (!line) return
      bytes -= line.length
      deliver(line)
    }
  }

  const drain = () => release(() => holds === 0 || waiting.length > mostWaiting.lines || bytes > mostWaiting.bytes)

  return {
    take(line: Buffer): void {
      if (holds === 0 && waiting.length === 0) deliver(line)
      else {
        waiting.push(line)
        bytes += line.length
        drain()
      }
    },

    /** Lines wait from now on, until what is returned is called. */
    hold(): () => void {
      holds++
      let held = true
      return () => {
        if (held) holds--
        held = false
        drain()
      }
    },

    /** Nothing more will come: what waits goes out now. */
    flush: () => release(() => true),
  }
}
