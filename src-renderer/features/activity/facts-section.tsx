import type { ReactNode } from 'react'
import type { CallDetail } from '../../../shared/activity.ts'
import { type Action, actions } from '../../../shared/envelope.ts'
import { durationWords } from '../../say/duration.ts'
import { findingWords } from '../../say/risk-factor.ts'
import { ActionBadge } from '../../show/action-badge.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

type Fact = readonly [name: string, value: ReactNode]

/** Who called what, as what it was reviewed, and how the time was spent. */
export function FactsSection({ detail }: { detail: CallDetail }) {
  const { row, records } = detail
  const last = <K extends keyof CallDetail['records'][number]>(field: K) =>
    records.findLast((record) => record[field] !== undefined)?.[field]
  const fingerprint = last('tool_fingerprint')
  const action = actions.find((known: Action) => known === row.action)
  const hidden = (name: string, value: string | undefined): Fact[] =>
    value === undefined || value === '' ? [] : [[name, <CopyText key={name} text={value} />]]
  const said = (name: string, value: string | undefined): Fact[] =>
    value === undefined ? [] : [[name, <VisibleText key={name} text={value} />]]
  const facts: Fact[] = [
    [
      'Client',
      <span key="client">
        <VisibleText text={row.client.name} />{' '}
        <span className="text-muted">{row.client.identity === 'verified' ? 'verified' : 'only claims this name'}</span>
      </span>,
    ],
    ...hidden('Client id', row.client.id),
    ...said('Works for', row.tenant),
    ...said('It says it comes for', last('purpose')),
    ...(action ? [['Action', <ActionBadge key="action" action={action} plain />] as const] : []),
    ...(last('data_classification') ? [['Classification', last('data_classification')] as const] : []),
    ...hidden('Fingerprint', fingerprint),
    ...hidden('Arguments', last('arguments_hash')),
    ...hidden('Result', last('response_hash')),
    ['Protocol', last('protocol_generation') === 'modern' ? '2026-07-28' : '2025-11-25 or older'],
    ...hidden('Session', last('session_id')),
    ...hidden('Call', row.call_id),
  ]
  return <Facts facts={facts} />
}

/** What was found in arguments and result. */
export function FindingsSection({ findings }: { findings: CallDetail['row']['findings'] }) {
  return (
    <ul className="flex flex-col gap-1">
      {findings.map(({ rule, count, where }) => (
        <li key={`${where} ${rule}`} className="text-quarantined-text">
          <b>
            <VisibleText text={findingWords(rule)} />
          </b>
          , {count} in the {where}
        </li>
      ))}
    </ul>
  )
}

const parts = [
  { name: 'Waiting for a person', bar: 'bg-asked-solid' },
  { name: 'Tool', bar: 'bg-constrained-solid' },
  { name: 'Toolgate', bar: 'bg-accent' },
] as const

/** How the time of a call was spent; nothing while it is open. */
export function TimeSplit({ detail: { row, records } }: { detail: CallDetail }) {
  const { latency_ms: all, wait_ms: wait } = row
  if (all === null) return <p className="text-muted">It is not over yet.</p>
  const tool = records.findLast(({ upstream_ms }) => upstream_ms !== undefined)?.upstream_ms ?? 0
  const spent = [wait ?? 0, tool, Math.max(0, all - (wait ?? 0) - tool)]
  return (
    <div>
      <div className="flex h-1.5 gap-px overflow-hidden rounded-full bg-line" aria-hidden="true">
        {parts.map(({ name, bar }, at) => (
          <span key={name} className={bar} style={{ width: `${(100 * (spent[at] ?? 0)) / Math.max(all, 0.001)}%` }} />
        ))}
      </div>
      <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1">
        {parts.map(({ name, bar }, at) => (
          <div key={name} className="flex items-center gap-1.5">
            <span className={`size-2 rounded-full ${bar}`} aria-hidden="true" />
            <dt className="text-muted">{name}</dt>
            <dd>{durationWords(spent[at] ?? 0)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
