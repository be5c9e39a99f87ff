import { controlLineLimit } from '../control/dispatch.ts'
import type { ControlLink as ControlLines } from '../control/serve-control.ts'
import type { Log } from '../ports.ts'
import { createLineSplitter } from './lines.ts'
import type { ControlLink } from './link.ts'

/** A control connection as whole lines; one that sends a longer line than any request may be is closed. */
export function controlLines(link: ControlLink, log: Log): ControlLines {
  return {
    hello: link.hello,
    onLine: (listener) => {
      const splitter = createLineSplitter({
        limit: controlLineLimit,
        onLine: (line) => listener(line.toString('utf8')),
        onTooLong: () => {
          log.warn('a control connection sent a line that is too long and was closed', { pid: link.hello.pid })
          link.destroy()
        },
      })
      link.onData((chunk) => splitter.push(chunk))
      link.onEnd(() => link.end())
    },
    onClose: link.onClose,
    write: (line) => void link.write(Buffer.from(`${line}\n`)),
    close: () => link.end(),
  }
}
