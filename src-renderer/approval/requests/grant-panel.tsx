import { clsx } from 'clsx'
import { useEffect, useId, useRef, useState } from 'react'
import type { GrantOffer } from '../../../shared/approval.ts'
import { Field, Select } from '../../ui/field.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import type { Grant } from './use-grant.ts'

const breadths: Record<GrantOffer['scope'], string> = {
  call: 'exactly this call',
  bounded: 'within these bounds',
  tool: 'everything that this tool can do',
  server: 'every tool of this server',
}

/** The offered ways to allow more than this call, narrowest first, each with the past calls that it would have covered. */
export function GrantPanel({ grant }: { grant: Grant }) {
  const group = useId()
  const list = useRef<HTMLDivElement>(null)
  const { picked, offers, durations, duration } = grant
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is picked by a key has the focus, wherever it was
  useEffect(() => {
    list.current?.querySelector<HTMLInputElement>(':checked')?.focus()
  }, [picked?.id])
  return (
    <div className="flex flex-col gap-2" data-scrolls="" ref={list}>
      <div role="radiogroup" aria-label="What to allow" className="flex max-h-56 flex-col gap-1 overflow-y-auto">
        {offers.map((offer, at) => (
          <Offer
            key={offer.id}
            offer={offer}
            group={group}
            number={at + 1}
            picked={offer.id === picked?.id}
            onPick={() => grant.pick(at)}
          />
        ))}
      </div>
      <Field label="For how long">
        <Select value={duration?.key ?? ''} onChange={(event) => grant.setDuration(event.target.value)}>
          {durations.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  )
}

type OfferProps = { offer: GrantOffer; group: string; number: number; picked: boolean; onPick: () => void }

function Offer({ offer, group, number, picked, onPick }: OfferProps) {
  const broad = offer.scope === 'tool' || offer.scope === 'server'
  return (
    <div className={clsx('rounded-md border px-2 py-1.5', picked ? 'border-accent bg-selected' : 'border-line')}>
      <label className="flex cursor-pointer items-start gap-2">
        <input type="radio" name={group} checked={picked} onChange={onPick} className="mt-1 accent-accent" />
        <span className="wrap-anywhere min-w-0 flex-1 text-ink">
          <VisibleText text={offer.says} />
          <span className={clsx('block text-small', broad ? 'text-asked-text' : 'text-muted')}>
            {breadths[offer.scope]}
          </span>
        </span>
        <Kbd keys={String(number)} />
      </label>
      <Covered covers={offer.covers} />
    </div>
  )
}

/** What a grant would have let run already: the best that anybody can know of what it will. */
function Covered({ covers: { calls, days, newest } }: Pick<GrantOffer, 'covers'>) {
  const [open, setOpen] = useState(false)
  const span = days === 1 ? 'the last day' : `the last ${days} days`
  if (calls === 0) return <p className="pl-6 text-muted text-small">would have covered no call of {span}</p>
  const words = `would have covered ${calls === 1 ? '1 call' : `${calls} calls`} of ${span}`
  return (
    <div className="pl-6 text-small">
      <button
        type="button"
        aria-expanded={open}
        className="text-accent-text underline underline-offset-2"
        onClick={() => setOpen(!open)}
      >
        {words}
      </button>
      {open && (
        <ul aria-label="The newest of them" className="mt-1 list-disc pl-4 text-muted">
          {newest.map((text, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two past calls may read the same
            <li key={at} className="wrap-anywhere">
              <VisibleText text={text} />
            </li>
          ))}
          {calls > newest.length && <li className="list-none">and {calls - newest.length} older ones</li>}
        </ul>
      )}
    </div>
  )
}
