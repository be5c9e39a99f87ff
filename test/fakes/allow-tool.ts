import type { ApprovalView } from '../../shared/approval.ts'
import { person, type TestGateway } from './gateway.ts'

/** A person allows what waits, and its tool for an hour. */
export async function allowTool(gateway: TestGateway, { id, shown_hash }: ApprovalView): Promise<void> {
  const { handlers } = gateway.core
  const offers = await handlers['approvals.offers']({ id }, person)
  const grant = { offer: offers.find(({ scope }) => scope === 'tool')?.id ?? '', duration: 'hours' as const, hours: 1 }
  await handlers['approvals.answer']({ id, answer: 'approve', shown_hash, reason: '', grant }, person)
}
