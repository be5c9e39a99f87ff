import type { Clock } from '../ports.ts'
import type { Hold } from './hold.ts'
import type { Answer, Request } from './request.ts'

/**
 * One call's wait for what comes of its request: ends with the answer, when its caller gives up, or just before its caller would, who is
 * then told to come back.
 */
export function waitForAnswer(
  request: Request,
  signal: AbortSignal,
  hold: Hold,
  { clock, onChange }: { clock: Clock; onChange: () => void },
): Promise<Answer> {
  const approvalId = request.view.id
  return new Promise((resolve) => {
    const leave = (answer: Answer) => {
      request.waiters.delete(leave)
      stopTimer()
      signal.removeEventListener('abort', abort)
      onChange()
      resolve(answer)
    }
    const abort = () => leave({ kind: 'cancelled', approvalId })
    const look = () => {
      // News of progress may have kept the caller waiting, and a timer may be early.
      const leftMs = hold.leftMs()
      if (leftMs > 0) {
        stopTimer = clock.after(leftMs, look)
        return
      }
      request.awaited = true
      leave({ kind: 'pending', approvalId })
    }
    let stopTimer = clock.after(Math.max(0, hold.leftMs()), look)
    request.waiters.set(leave, hold.untilMs)
    onChange()
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
