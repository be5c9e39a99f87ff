import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { approver, person, type TestGateway } from './gateway.ts'

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
