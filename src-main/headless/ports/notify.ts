import type { Log, Notification } from '../../core/ports.ts'

/**
 * How a gateway without a desktop tells a person that something waits: a bell and one line on its own terminal, when it
 * has one, and a line in the log either way. `answerAt` says, in our own words, where a waiting call is answered.
 */
export function terminalNotify(
  log: Log,
  terminal: NodeJS.WriteStream,
  printable: (text: string) => string,
  answerAt: () => string,
) {
  return ({ kind, title, body }: Notification): void => {
    log.info('a person was notified', { kind, title })
    if (!terminal.isTTY) return
    const where = kind === 'approval' ? `; ${answerAt()}` : ''
    terminal.write(`\u0007${printable(title)}: ${printable(body)}${where}\n`)
  }
}
