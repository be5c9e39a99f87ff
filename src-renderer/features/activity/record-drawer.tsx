import { type ReactNode, useEffect } from 'react'
import { Link } from 'wouter'
import type { CallDetail } from '../../../shared/activity.ts'
import { onEvent } from '../../call.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { places } from '../../places.ts'
import { lookOfCall } from '../../say/call-outcome.ts'
import { callSentence } from '../../say/call-sentence.ts'
import { AskedFor } from '../../show/asked-for.tsx'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'
import { BoundsSection } from './bounds-section.tsx'
import { DecisionSection } from './decision-section.tsx'
import { FactsSection, FindingsSection, TimeSplit } from './facts-section.tsx'
import { hintOf } from './next-step.ts'
import { ProofSection } from './proof-section.tsx'
import { Refusal } from './refusal.tsx'
import { ShownSection } from './shown-section.tsx'
import { Story } from './story.tsx'

type RecordDrawerProps = { id: string; alone: boolean; onClose: () => void }

/** One call in full: what happened, why it was decided so, what the caller was told, and the proof of it. */
export function RecordDrawer({ id, alone, onClose }: RecordDrawerProps) {
  const { value, error, refresh } = useCall('activity.call', { call_id: id }, [])
  useEffect(
    () =>
      onEvent(({ calls, missed }) => {
        if (missed || calls?.some(({ call_id }) => call_id === id)) refresh()
      }),
    [id, refresh],
  )
  const title = value ? (
    <span>
      <AskedFor server={value.row.server} kind={value.row.kind} name={value.row.tool} />
    </span>
  ) : (
    'Call'
  )
  return (
    <Drawer label="Record of the call" title={title} alone={alone} onClose={onClose}>
      {value ? (
        <Record detail={value} />
      ) : error?.code === 'NOT_FOUND' ? (
        <EmptyState title="No such call is on record">
          <p>The address may be mistyped, or it belongs to another profile.</p>
        </EmptyState>
      ) : error ? (
        <ErrorState
          compact
          title="The record cannot be read"
          why={error.message}
          hint={error.hint}
          action={<Button onClick={refresh}>Try again</Button>}
        />
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </Drawer>
  )
}

function Record({ detail }: { detail: CallDetail }) {
  const { row } = detail
  const { tone, word } = lookOfCall(row)
  const bounds = detail.records.findLast(({ constraint_results }) => constraint_results)?.constraint_results
  return (
    <div className="flex flex-col gap-6">
      <header className="flex flex-col gap-3">
        <div className="flex items-center gap-2">
          <ClientMark name={row.client.name} claimed={row.client.identity === 'claimed'} />
          <span className="min-w-0 flex-1 font-strong">
            <VisibleText text={row.client.name} />
          </span>
          <Chip tone={tone} word={word} />
        </div>
        <p className="text-large">
          <Sentence parts={callSentence(row)} />
        </p>
        {row.state === 'held' && (
          <div>
            <OpenApprovalsButton at="/" look="primary">
              Answer
            </OpenApprovalsButton>
          </div>
        )}
        <Refusal detail={detail} />
      </header>
      <Part title="What happened">
        <Story detail={detail} />
      </Part>
      <Part title="Why">
        <DecisionSection detail={detail} />
        <Link href={places.tryCall(row.call_id)} className="text-accent-text hover:underline">
          Try against the policy
        </Link>
      </Part>
      {bounds !== undefined && bounds.length > 0 && (
        <Part title="What its bounds did">
          <BoundsSection results={bounds} />
        </Part>
      )}
      {row.findings.length > 0 && (
        <Part title="What was found">
          <FindingsSection findings={row.findings} />
        </Part>
      )}
      <Told detail={detail} />
      <Part title="Time">
        <TimeSplit detail={detail} />
      </Part>
      <Part title="Facts">
        <FactsSection detail={detail} />
      </Part>
      <Part title="Proof">
        <ProofSection detail={detail} />
      </Part>
    </div>
  )
}

/** What the caller got in place of a result, and what the person saw who answered. */
function Told({ detail: { row, records } }: { detail: CallDetail }) {
  const approval = records.findLast(({ approval_id }) => approval_id !== undefined)?.approval_id
  const shown = records.findLast(({ shown_hash }) => shown_hash !== undefined)?.shown_hash
  return (
    <>
      {row.reason_code !== null && (
        <Part title="What the caller was told">
          <Facts
            facts={[
              ['Code', <code key="code">{row.reason_code}</code>],
              ['Next step', <Hint key="hint" text={hintOf(row) ?? '–'} />],
            ]}
          />
        </Part>
      )}
      {approval !== undefined && (
        <Part title="Approval">
          <Facts
            facts={[
              ['Request', <CopyText key="request" text={approval} />],
              [
                'As shown',
                shown === undefined ? (
                  row.state === 'held' ? (
                    'not answered yet'
                  ) : (
                    'nobody answered it'
                  )
                ) : (
                  <CopyText key="shown" text={shown} />
                ),
              ],
            ]}
          />
          {shown !== undefined && <ShownSection key={approval} approval={approval} />}
        </Part>
      )}
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3>{title}</h3>
      {children}
    </section>
  )
}
