import type { Output } from '../../shared/calls.ts'
import type { TestGateway } from './gateway.ts'
import { openPage } from './page.ts'

/** PINs of the people of a test. */
export const pins = { owner: '739154', ana: '480251', bo: '615938', cy: '902846' } as const

export type PageOf = ReturnType<typeof openPage>

/** An approval page that somebody unlocked. */
export async function pageOf(gateway: TestGateway, name: keyof typeof pins): Promise<PageOf> {
  const page = openPage(gateway.core.pages, 'approval')
  await page.call('presence.prove', { pin: pins[name], ...(name === 'owner' ? {} : { person: name }) })
  return page
}

/** Adds people to the owner, who chooses a PIN first; gives the owner's page. */
export async function addPeople(
  gateway: TestGateway,
  people: { name: Exclude<keyof typeof pins, 'owner'>; groups?: string[]; admin?: boolean }[],
): Promise<{ owner: PageOf; ids: Record<string, string> }> {
  const owner = openPage(gateway.core.pages, 'approval')
  await owner.call('presence.enroll', { pin: pins.owner })
  const ids: Record<string, string> = {}
  for (const { name, groups = [], admin = false } of people) {
    const added = await owner.call('people.add', { name, groups, admin, new_pin: pins[name], pin: pins.owner })
    ids[name] = added.id
  }
  return { owner, ids }
}

/** Answers what waits as it is shown at a page, once that counts; gives the request, or the code with which it was refused. */
export async function answerAt(
  page: PageOf,
  id: string,
  answer: 'approve' | 'deny' = 'approve',
  rest: { reason?: string; pin?: string } = {},
): Promise<Output<'approvals.answer'> | string> {
  const { view, ticket, armed_in_ms } = await page.call('approvals.show', { id })
  await new Promise((resolve) => setTimeout(resolve, armed_in_ms + 20))
  const input = { id, answer, shown_hash: view.shown_hash, ticket, reason: '', ...rest }
  return page.call('approvals.answer', input).catch(({ code }: { code: string }) => code)
}
