/** So many lines wait for one that is being decided; a server that writes more loses its order, not our memory. */
const mostWaiting = 1_000

/**
 * Keeps what a server writes in its order while one of its questions is decided, which takes a moment: what it wrote after the question
 * comes after it. A question that waits for a person holds nothing up.
 */
export function createInOrder(deliver: (line: Buffer) => void) {
  const waiting: Buffer[] = []
  let holds = 0

  function drain(): void {
    while (holds === 0 || waiting.length > mostWaiting) {
      const line = waiting.shift()
      if (!line) return
      deliver(line)
    }
  }

  return {
    take(line: Buffer): void {
      if (holds === 0 && waiting.length === 0) deliver(line)
      else {
        waiting.push(line)
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
    flush(): void {
      for (let line = waiting.shift(); line; line = waiting.shift()) deliver(line)
    },
  }
}
