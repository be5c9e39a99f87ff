import { launchBrowser, longestWork, scrollSlowly } from '../test/fakes/browser.ts'
import { heldQueue, queueAnswers } from '../test/fakes/held-queue.ts'
import { startPageHost } from '../test/fakes/page-host.ts'
import { alikeCalls } from '../test/fakes/page-samples.ts'

/** The approval page while many calls wait: how many, and the longest task of its thread while they are scrolled, in ms of processor time. */
export type PromptsWork = { waiting: number; longestMs: number }

/** Has a person scroll through the list of `waiting` calls, several times. Null where there is no browser; `say` gets the reason. */
export async function measurePrompts(waiting: number, say: (text: string) => void): Promise<PromptsWork | null> {
  const browser = await launchBrowser().catch((error: Error) => say(error.message))
  if (!browser) return null
  const host = await startPageHost({ page: 'approval', answers: queueAnswers(heldQueue(alikeCalls(waiting))) })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(host.link())
    const list = page.getByRole('navigation', { name: 'Requests' })
    await list.getByText(`1 of ${waiting}: `, { exact: true }).waitFor()
    // Once for the compiler, as a person who has the window open all day has long done.
    await scrollSlowly(list)
    const longestMs = await longestWork(page, async () => {
      for (let round = 0; round < 3; round++) await scrollSlowly(list)
    })
    return { waiting, longestMs }
  } finally {
    await browser.close()
    await host.close()
  }
}
