import type { Log, Notification } from '../../core/ports.ts'

/**
 * How a gateway without a desktop tells a person that something waits: a bell and one line on its own terminal, when it
 * has one, and a line in the log either way. `toolgate approvals watch` is the place to answer.
 */
export function terminalNotify(log: Log, terminal: NodeJS.WriteStream, printable: (text: string) => string) {
  return (notification: Notification): void => {
    log.info('a person was notified', { kind: notification.kind, title: notification.title })
    if (terminal.isTTY) terminal.write(`\u0007${printable(notification.title)}: ${printable(notification.body)}\n`)
  }
}
