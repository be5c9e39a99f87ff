import { BadgeCheck, CircleHelp } from 'lucide-react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { requestSentence } from '../../say/request-sentence.ts'
import { ActionBadge } from '../../show/action-badge.tsx'
import { AskedFor } from '../../show/asked-for.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { RiskMeter } from '../../ui/risk-meter.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** Who asks, what for, and how grave it is: what must be understood in three seconds. */
export function RequestHead({ view, home }: { view: ApprovalView; home: string | null }) {
  const { client, server, kind, tool, action, risk } = view
  return (
    <header className="flex shrink-0 flex-col gap-3 px-4 pt-3">
      <div className="flex items-center gap-2">
        <ClientMark name={client.name} claimed={client.identity === 'claimed'} />
        <div className="min-w-0 flex-1">
          <p className="line-clamp-2 font-strong leading-4" title={client.name}>
            <VisibleText text={client.name} />
          </p>
          <Identity client={client} />
        </div>
      </div>
      <h2 id="request" className="text-large [font-weight:430]">
        <Sentence parts={requestSentence(view, home)} />
      </h2>
      <div className="flex items-center gap-2">
        <span className="wrap-anywhere min-w-0 flex-1 text-muted">
          <AskedFor server={server} kind={kind} name={tool} />
        </span>
        <ActionBadge action={action} />
        <span className="flex items-center text-muted">
          Risk <RiskMeter score={risk.score} />
        </span>
      </div>
    </header>
  )
}

function Identity({ client: { identity, pid } }: Pick<ApprovalView, 'client'>) {
  const process = pid === null ? '' : ` · process ${pid}`
  if (identity === 'verified') {
    return (
      <Tooltip text="It proved the secret of its entry in Toolgate.">
        <p className="flex items-center gap-1 text-small text-muted">
          <BadgeCheck size={12} className="text-allowed-text" aria-hidden="true" />
          verified{process}
        </p>
      </Tooltip>
    )
  }
  return (
    <Tooltip text="It only says that it is called so, which every program could.">
      <p className="flex items-center gap-1 text-asked-text text-small">
        <CircleHelp size={12} aria-hidden="true" />
        claims this name{process}
      </p>
    </Tooltip>
  )
}
