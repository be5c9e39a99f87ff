import { expect, onTestFinished, test } from 'vitest'
import type { Input } from '../../shared/calls.ts'
import { look, testBrowser } from '../fakes/browser.ts'
import { type Answers, HostRefusal, startPageHost } from '../fakes/page-host.ts'
import { quietStatus } from '../fakes/page-samples.ts'

const browser = testBrowser()

/** Whether what was refused can be read without scrolling. */
const isInSight = `(() => {
  const { top, bottom } = document.querySelector('[role=alert]').getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
})()`

test('a token is made for scopes and a tenant; what is refused is said, and nothing typed is lost', async () => {
  const asked: Input<'tokens.create'>[] = []
  const answers: Answers = {
    status: quietStatus,
    'presence.state': () => ({ present: true, enrolled: true, lost: false, proof: 'pin' }),
    'approvals.list': () => [],
    'tokens.create': (input) => {
      asked.push(input)
      if (input.scopes?.includes('files.all')) throw new HostRefusal('BAD_INPUT', 'no such scope here', 'mend it')
      const client = {
        ...{ id: 'client_01', name: input.name, created_at: new Date().toISOString(), last_seen: null, revoked: false },
        ...{ kind: 'http' as const, scopes: input.scopes ?? null, tenant: input.tenant ?? null, public_origin: null },
      }
      return { client, token: 'tg_made_for_this_test' }
    },
  }
  const host = await startPageHost({ page: 'approval', answers })
  onTestFinished(() => host.close())
  const page = await browser.newPage({ width: 440, height: 680 })
  await page.goto(host.link(encodeURIComponent('/clients/new')))
  await page.getByLabel('Client', { exact: true }).fill('Reports')
  expect(await page.getByLabel('Scopes').count()).toBe(0)
  await page.getByLabel('It connects over HTTP').check()
  await page.getByLabel('Scopes').fill('files.all , tickets')
  await page.getByLabel('Tenant').fill('acme')
  await page.keyboard.press('Enter')
  await page.getByText('no such scope here').waitFor()
  await expect.poll(() => page.evaluate(isInSight)).toBe(true)
  await look(page, 'new-client-refused')
  await page.getByLabel('Scopes').fill('files:read tickets')
  await page.keyboard.press('Enter')
  await page.getByText('tg_made_for_this_test', { exact: true }).waitFor()
  expect(asked).toEqual([
    { name: 'Reports', scopes: ['files.all', 'tickets'], tenant: 'acme' },
    { name: 'Reports', scopes: ['files:read', 'tickets'], tenant: 'acme' },
  ])
})
