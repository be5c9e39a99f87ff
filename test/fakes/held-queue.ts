import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import type { ApprovalView } from '../../shared/approval.ts'
import type { Input } from '../../shared/calls.ts'
import { signInFragment } from '../../shared/page-link.ts'
import type { TestBrowser } from './browser.ts'
import { carryLines } from './in-page.mjs'
import { type Answers, HostRefusal, startPageHost } from './page-host.ts'
import { quietStatus } from './page-samples.ts'

/** A queue that a test holds: what waits, what was shown, and what was answered. */
export type HeldQueue = {
  waiting: ApprovalView[]
  shows: string[]
  answers: Input<'approvals.answer'>[]
  armingMs: number[]
}

/** A queue in which these wait, all of which may be answered at once. */
export function heldQueue(waiting: ApprovalView[]): HeldQueue {
  return { waiting, shows: [], answers: [], armingMs: [] }
}

/** What a host answers an unlocked approval page from a queue. */
export function queueAnswers(queue: HeldQueue): Answers {
  const view = (id: string) => {
    const found = queue.waiting.find((it) => it.id === id)
    if (!found) throw new HostRefusal('NOT_FOUND', `no request \`${id}\` is waiting`, 'look at what waits')
    return found
  }
  return {
    status: quietStatus,
    'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
    'policy.show': () => ({ snapshot: null, since: null, rules: [], access: [], problems: [], waiting: null }),
    'approvals.list': () => queue.waiting,
    'approvals.show': ({ id }) => {
      queue.shows.push(id)
      const nth = queue.shows.length
      return { view: view(id), ticket: `ticket ${nth}`, armed_in_ms: queue.armingMs[nth - 1] ?? 0 }
    },
    'approvals.answer': (input) => {
      queue.answers.push(input)
      const answered = view(input.id)
      queue.waiting = queue.waiting.filter(({ id }) => id !== input.id)
      return { ...answered, state: input.answer === 'approve' ? 'approved' : 'denied' }
    },
  }
}

/** An unlocked approval page whose queue the test holds. The nth showing arms after the nth of `armingMs`, else at once. */
export async function openQueue(
  browser: TestBrowser,
  waiting: ApprovalView[],
  more: Answers = {},
  { desktop = false, allow = [] as RegExp[], width = 440, height = 680, theme = 'light' as 'light' | 'dark' } = {},
) {
  const queue = heldQueue(waiting)
  const answers = { ...queueAnswers(queue), ...more }
  const host = await startPageHost({ page: 'approval', answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ width, height, theme, allow })
  page.setDefaultTimeout(10_000)
  const link = new URL(host.link())
  if (desktop) {
    await page.addInitScript(carryLines, new URLSearchParams(link.hash.slice(1)).get(signInFragment) ?? '')
    link.hash = ''
  }
  await page.goto(link.href)
  return { queue, host, page }
}

/** The button that allows what is on screen once. */
export const allowOnce = (page: Page) => page.getByRole('button', { name: /Allow once/ })
