import { printable } from '../../../shared/printable.ts'
import type { ApprovalProof, ContentState } from '../../../shared/proof.ts'
import type { Cli } from '../cli.ts'
import { when } from '../format.ts'
import { withPerson } from '../prove-presence.ts'

/** `toolgate approvals proof`: what an answer proves; exit code 1 when its signature does not. */
export async function showProof(cli: Cli, id: string, { full }: { full?: string }): Promise<1 | undefined> {
  if (full !== undefined) {
    const shown = await withPerson(cli, (client) => client.call('approvals.shown', { approval_id: id, why: full }))
    cli.result(shown, () => [`sha-256  ${shown.shown_hash}`, ...shown.preview.split('\n').map(printable)])
    return undefined
  }
  const proof = await cli.withGateway((client) => client.call('approvals.proof', { approval_id: id }))
  cli.result(proof, () => proofLines(proof))
  return proof.verified ? undefined : 1
}

const contentWords: Record<ContentState, string> = {
  absent: 'was not kept',
  kept: 'is kept',
  shredded: 'was destroyed',
  damaged: 'is damaged: it does not fit what was signed',
}

function proofLines(proof: ApprovalProof): string[] {
  const { statement } = proof
  const signature = statement === null ? 'none: it was answered before answers were signed' : 'does NOT hold'
  const answered = statement
    ? [
        `answer     ${statement.answer} by ${printable(statement.by)}, ${when(statement.at)}`,
        `from       ${printable(statement.door)}${statement.pid === null ? '' : `, process ${statement.pid}`}`,
        `after      ${(statement.held_ms / 1000).toFixed(1)} s`,
        `level      ${statement.level}, risk ${statement.risk} of 100`,
        `snapshot   ${printable(statement.snapshot ?? 'none')}`,
        `definition ${printable(statement.fingerprint)}`,
        `shown      ${statement.shown_hash}`,
      ]
    : []
  const content = contentWords[proof.content] + (proof.shredded_at === null ? '' : ` ${when(proof.shredded_at)}`)
  return [
    `request    ${printable(proof.approval_id)}, record ${proof.seq}`,
    ...answered,
    ...(proof.reason === '' ? [] : [`reason     ${printable(proof.reason)}`]),
    `signature  ${proof.verified ? 'holds' : signature}`,
    `content    what was shown ${content}`,
    ...(proof.preview === null ? [] : ['', ...proof.preview.split('\n').map(printable)]),
  ]
}
