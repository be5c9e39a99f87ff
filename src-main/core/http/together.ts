/**
 * A wait that ends for everybody who waits at once, as soon as what has arrived by now has been read. Requests come on a
 * connection each; those that arrived together go on together, and share a write into the record and one to their server.
 */
export function createTogether(): () => Promise<void> {
  let waiting: (() => void)[] = []

  function goOn(): void {
    const all = waiting
    waiting = []
    for (const each of all) each()
  }

  return () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (waiting.push(resolve) === 1) setImmediate(goOn)
    return promise
  }
}
