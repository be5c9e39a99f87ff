// Shows that something slow is alive. Goes to stderr, so that stdout stays clean for `--json`.

/**
 * Starts a line such as `installing packages … 12 s  30 packages`: rewritten in place in a terminal, elsewhere printed
 * anew every 15 seconds.
 * @param {string} what
 */
export function startProgress(what) {
  const began = Date.now()
  const inPlace = process.stderr.isTTY === true
  let last = ''
  const seconds = () => Math.round((Date.now() - began) / 1000)
  const show = () => {
    if (!inPlace) return process.stderr.write(`${what} … ${seconds()} s  ${last}\n`)
    const line = `${what} … ${seconds()} s  ${last}`.slice(0, (process.stderr.columns ?? 80) - 1)
    return process.stderr.write(`\r\x1b[2K${line}`)
  }
  show()
  const timer = setInterval(show, inPlace ? 1000 : 15_000)
  return {
    /** @param {string} text how far it is, such as `12 packages` */
    note(text) {
      last = text
    },
    /** @param {string} result */
    end(result) {
      clearInterval(timer)
      process.stderr.write(`${inPlace ? '\r\x1b[2K' : ''}${what} … ${result} after ${seconds()} s\n`)
    },
  }
}
