import { clsx } from 'clsx'
import { useEffect, useId, useRef } from 'react'
import type { GrantOffer } from '../../../shared/approval.ts'
import { Field, Select } from '../../ui/field.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { CoveredCalls } from './covered-calls.tsx'
import type { Covered } from './use-coverage.ts'
import type { Grant } from './use-grant.ts'

const breadths: Record<GrantOffer['scope'], string> = {
  call: 'exactly this call',
  bounded: 'within these bounds',
  tool: 'everything that this tool can do',
  server: 'every tool of this server',
}

const callsOffered = [1, 5, 20, 100] as const

function coveredWords({ calls, unknown }: Covered): string {
  const known = `${calls.length === 0 ? 'none' : calls.length} of what you were asked in 7 days`
  return unknown > 0 && calls.length === 0 ? `cannot be told for ${unknown} of what you were asked` : known
}

/** The offered ways to allow more than this call, narrowest first. */
export function GrantPanel({ grant }: { grant: Grant }) {
  const group = useId()
  const list = useRef<HTMLDivElement>(null)
  const { picked, offers, durations, duration } = grant
  const covered = picked ? grant.coveredBy(picked.id) : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is picked by a key has the focus, wherever it was
  useEffect(() => {
    list.current?.querySelector<HTMLInputElement>(':checked')?.focus()
  }, [picked?.id])
  return (
    <div className="flex flex-col gap-2" data-scrolls="" ref={list}>
      <div role="radiogroup" aria-label="What to allow" className="flex flex-col gap-1">
        {offers.map((offer, at) => (
          <Offer
            key={offer.id}
            offer={offer}
            group={group}
            number={at + 1}
            picked={offer.id === picked?.id}
            covered={grant.coveredBy(offer.id)}
            onPick={() => grant.pick(at)}
          />
        ))}
      </div>
      <div className="grid grid-cols-2 gap-2">
        <Field label="For how long">
          <Select value={duration?.key ?? ''} onChange={(event) => grant.setDuration(event.target.value)}>
            {durations.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {duration?.choice.duration !== 'once' && (
          <Field label="How often">
            <Select
              value={grant.calls ?? ''}
              onChange={({ target }) => grant.setCalls(target.value === '' ? null : Number(target.value))}
            >
              <option value="">any number of calls</option>
              {callsOffered.map((calls) => (
                <option key={calls} value={calls}>
                  {calls === 1 ? 'one more call' : `at most ${calls} more calls`}
                </option>
              ))}
            </Select>
          </Field>
        )}
      </div>
      {covered && duration && <CoveredCalls key={picked?.id} covered={covered} duration={duration} />}
    </div>
  )
}

type OfferProps = {
  offer: GrantOffer
  group: string
  number: number
  picked: boolean
  covered: Covered | null
  onPick: () => void
}

function Offer({ offer, group, number, picked, covered, onPick }: OfferProps) {
  const broad = offer.scope === 'tool' || offer.scope === 'server'
  return (
    <div className={clsx('rounded-md border px-2 py-1.5', picked ? 'border-accent bg-selected' : 'border-line')}>
      <label className="flex cursor-pointer items-start gap-2">
        <input type="radio" name={group} checked={picked} onChange={onPick} className="mt-1 accent-accent" />
        <span className="wrap-anywhere min-w-0 flex-1 text-ink">
          <VisibleText text={offer.says} />
          <span className={clsx('block text-small', broad ? 'text-asked-text' : 'text-muted')}>
            {breadths[offer.scope]}
            {covered && <span className="text-muted">; {coveredWords(covered)}</span>}
          </span>
        </span>
        <Kbd keys={String(number)} />
      </label>
    </div>
  )
}
