import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { AnswerFields, type FieldsHandle } from './answer-fields.tsx'
import { ArmingRing } from './arming-ring.tsx'
import { DenyWhy } from './deny-why.tsx'
import { NoPin } from './no-pin.tsx'
import { TimeLeft } from './time-left.tsx'
import { proofLevel, reasonLevel, type useAnswer } from './use-answer.ts'
import type { Shown } from './use-ticket.ts'

/** What the keys of the page do to the buttons. */
export type AnswerHandle = { deny: () => void; allow: () => void }

type AnswerBarProps = {
  shown: Shown
  answer: ReturnType<typeof useAnswer>
  details: boolean
  onDetails: () => void
  go: (to: string) => void
  ref: Ref<AnswerHandle>
}

/** Time left, and the ways to answer. Deny has the focus; Allow wakes up a moment after the request appeared or changed. */
export function AnswerBar({ shown, answer, details, onDetails, go, ref }: AnswerBarProps) {
  const { view, ticket, armed, armingMs } = shown
  const [why, setWhy] = useState(false)
  const fields = useRef<FieldsHandle>(null)
  const denyButton = useRef<HTMLButtonElement>(null)
  const { value: presence } = useCall('presence.state', {}, ['presence'])
  const asks = { reason: view.level >= reasonLevel, pin: view.level >= proofLevel && presence?.proof !== 'platform' }
  const noPin = asks.pin && presence?.enrolled === false
  const ready = armed && ticket !== null && !noPin
  const deny = (reason = '') => void answer.give('deny', { reason })
  const allow = () => {
    if (!ready || why) return
    const words = asks.reason || asks.pin ? fields.current?.words() : { reason: '' }
    if (words) void answer.give('approve', words)
  }
  // The key that denies leads back first from where a reason is typed.
  useImperativeHandle(ref, () => ({ deny: () => (why ? setWhy(false) : deny()), allow }))
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown anew has the focus on Deny again
  useEffect(() => {
    if (!why) denyButton.current?.focus({ preventScroll: true })
  }, [view.id, view.shown_hash, why])
  return (
    <footer className="flex shrink-0 flex-col gap-2 border-line border-t bg-surface px-4 pt-2 pb-3">
      {why ? (
        <DenyWhy busy={answer.busy === 'deny'} onDeny={deny} onBack={() => setWhy(false)} />
      ) : (
        <>
          {noPin ? (
            <NoPin lost={presence.lost} go={go} />
          ) : (
            (asks.reason || asks.pin) && <AnswerFields ref={fields} level={view.level} asks={asks} answer={answer} />
          )}
          <OtherFailure answer={answer} asks={asks} />
          <Beside shown={shown} details={details} onDetails={onDetails} onWhy={() => setWhy(true)} />
          <div className="grid grid-cols-2 gap-2">
            <Button
              ref={denyButton}
              size="large"
              kbd="Esc"
              loading={answer.busy === 'deny'}
              onClick={() => deny()}
              aria-keyshortcuts="Escape"
            >
              Deny
            </Button>
            <Button
              look="primary"
              size="large"
              kbd="Mod+Enter"
              disabled={!ready}
              loading={answer.busy === 'approve'}
              icon={armed ? undefined : <ArmingRing key={ticket ?? ''} ms={armingMs} />}
              onClick={allow}
              aria-keyshortcuts="Control+Enter Meta+Enter"
            >
              Allow once
            </Button>
          </div>
        </>
      )}
    </footer>
  )
}

type BesideProps = Pick<AnswerBarProps, 'shown' | 'details' | 'onDetails'> & { onWhy: () => void }

/** How long there is, and what can be done before answering. */
function Beside({ shown: { view }, details, onDetails, onWhy }: BesideProps) {
  return (
    <div className="flex items-center gap-1">
      <TimeLeft from={view.created_at} until={view.expires_at} />
      <span className="flex-1" />
      <Button look="ghost" size="small" onClick={onWhy}>
        Deny and tell why
      </Button>
      <Button look="ghost" size="small" kbd="D" aria-expanded={details} onClick={onDetails}>
        Details
      </Button>
    </div>
  )
}

type Failing = { answer: ReturnType<typeof useAnswer>; asks: { reason: boolean; pin: boolean } }

/** A failure that belongs to no field. */
function OtherFailure({ answer: { failure }, asks }: Failing) {
  if (!failure) return null
  const { code, message, hint } = failure
  const ofField = (asks.reason && code === 'REASON_REQUIRED') || (asks.pin && /^PRESENCE_(PIN|LOCKED|REQ)/.test(code))
  if (ofField) return null
  return <ErrorState compact title="Your answer did not arrive" why={message} hint={hint} />
}
