import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { personThrough } from './approve-at-page.ts'
import { approver, person, type TestGateway } from './gateway.ts'
import type { PageClient } from './page-client.ts'

/** Puts a file of access policies into force: what it loosens is confirmed, as a person does. */
export async function putAccess(gateway: TestGateway, text: string): Promise<void> {
  const { handlers } = gateway.core
  const before = (await handlers['policy.show']({}, person)).snapshot
  writeFileSync(join(gateway.paths.policy, 'access.yaml'), text)
  await expect
    .poll(async () => {
      const shown = await handlers['policy.show']({}, person)
      if (shown.waiting) await handlers['policy.confirm']({ hash: shown.waiting.hash }, approver)
      return shown.snapshot
    })
    .not.toBe(before)
}

/** Binds an access policy to one client, where the gateway is a process of its own: what that loosens is confirmed at the approval page. */
export async function bindAtPage(
  { profile, app, pin }: { profile: string; app: PageClient; pin: string },
  client: string,
  policy: string,
): Promise<void> {
  const text = `version: v1\nbindings: [{ policy: ${policy}, clients: ["${client}"] }]\n`
  writeFileSync(join(profile, 'policy', 'access.yaml'), text, { mode: 0o600 })
  const page = await personThrough(app, '/policy', pin)
  const waiting = async () => (await page.call('policy.show', {})).waiting
  await expect.poll(waiting).not.toBeNull()
  await page.call('policy.confirm', { hash: (await waiting())?.hash ?? '' })
  await page.close()
}
