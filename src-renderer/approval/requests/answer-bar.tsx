import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { Output } from '../../../shared/calls.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { AnswerFields, type Asks, type FieldsHandle } from './answer-fields.tsx'
import { ArmingRing } from './arming-ring.tsx'
import { BesideAnswer } from './beside-answer.tsx'
import { DenyWhy } from './deny-why.tsx'
import { GrantPanel } from './grant-panel.tsx'
import { NoPin } from './no-pin.tsx'
import { SuggestionLine } from './suggestion-line.tsx'
import { proofLevel, reasonLevel, type useAnswer } from './use-answer.ts'
import type { Edit } from './use-edit.ts'
import type { Grant } from './use-grant.ts'
import type { Shown } from './use-ticket.ts'

/** What the keys of the page do to the buttons. */
export type AnswerHandle = { deny: () => void; allow: () => void }

type AnswerBarProps = {
  shown: Shown
  answer: ReturnType<typeof useAnswer>
  grant: Grant
  edit: Edit
  details: boolean
  onDetails: () => void
  help: boolean
  onHelp: (open: boolean) => void
  go: (to: string) => void
  ref: Ref<AnswerHandle>
}

/** The ways to answer; for an auditor, who answers nothing, that there are none. */
export function AnswerBar(props: AnswerBarProps) {
  const { value: presence } = useCall('presence.state', {}, ['presence'])
  return presence?.who?.auditor ? <OnlyLooks /> : <Answering {...props} presence={presence} />
}

type AnsweringProps = AnswerBarProps & { presence: Output<'presence.state'> | undefined }

/** Time left, and the buttons. Deny has the focus; Allow wakes up a moment after the request appeared or changed. */
function Answering({ ref, presence, ...props }: AnsweringProps) {
  const { shown, answer, grant, edit, go } = props
  const { view, ticket, armed, armingMs } = shown
  const [why, setWhy] = useState(false)
  const fields = useRef<FieldsHandle>(null)
  const { asks, enrolled, lost } = asksOf(shown, presence)
  const noPin = asks.pin && !enrolled
  const longer = grant.picked !== null
  const editing = edit.text !== null
  const ready = armed && ticket !== null && !noPin && edit.problem === null
  const deny = (reason = '') => void answer.give('deny', { reason })
  const allow = () => {
    if (!ready || why) return
    const words = asks.reason || asks.pin ? fields.current?.words() : { reason: '' }
    if (!words) return
    const more = {
      ...(grant.choice && !editing ? { grant: grant.choice } : {}),
      ...(edit.edited === null ? {} : { edited: edit.edited }),
    }
    void answer.give('approve', { ...words, ...more })
  }
  // The key that denies leads back first from where something was chosen or typed.
  const back = why ? () => setWhy(false) : longer ? () => grant.pick(null) : editing ? edit.leave : null
  useImperativeHandle(ref, () => ({ deny: () => (back ? back() : deny()), allow }))
  const plain = edit.edited === null ? 'Allow once' : 'Allow as edited'
  const word = longer ? `Allow ${grant.duration?.label ?? ''}` : plain
  return (
    <footer className="flex max-h-[75%] shrink-0 flex-col gap-2 border-line border-t bg-surface px-4 pt-2 pb-3">
      {why ? (
        <DenyWhy busy={answer.busy === 'deny'} onDeny={deny} onBack={() => setWhy(false)} />
      ) : (
        <>
          {/* What is chosen and typed scrolls, the buttons below it stay. */}
          <div className="flex min-h-0 flex-col gap-2 overflow-y-auto empty:hidden">
            <SuggestionLine grant={grant} />
            {longer && <GrantPanel grant={grant} />}
            {noPin ? (
              <NoPin lost={lost} go={go} />
            ) : (
              (asks.reason || asks.pin) && <AnswerFields ref={fields} level={view.level} asks={asks} answer={answer} />
            )}
            <OtherFailure answer={answer} asks={asks} />
          </div>
          <BesideAnswer {...props} editing={editing} onWhy={() => setWhy(true)} />
          <div className="grid shrink-0 grid-cols-2 gap-2">
            <DenyButton view={view} busy={answer.busy === 'deny'} back={back} onDeny={() => deny()} />
            <Button
              look="primary"
              size="large"
              kbd="Mod+Enter"
              disabled={!ready}
              loading={answer.busy === 'approve'}
              icon={armed ? undefined : <ArmingRing key={ticket ?? ''} ms={armingMs} />}
              onClick={allow}
              className={word.length > 18 ? 'h-auto! min-h-10 whitespace-normal! px-2! leading-4' : undefined}
              aria-keyshortcuts="Control+Enter Meta+Enter"
            >
              {word}
            </Button>
          </div>
        </>
      )}
    </footer>
  )
}

/** What is asked for at the level of a request, and whether there is a PIN to ask for. */
function asksOf(
  { view }: Shown,
  presence: AnsweringProps['presence'],
): { asks: Asks; enrolled: boolean; lost: boolean } {
  const asks = {
    reason: view.level >= reasonLevel,
    pin: view.level >= proofLevel && presence?.proof !== 'platform',
  }
  return { asks, enrolled: presence?.enrolled !== false, lost: presence?.lost ?? false }
}

function OnlyLooks() {
  return (
    <footer className="shrink-0 border-line border-t bg-surface px-4 py-3">
      <p role="status">You are here as an auditor: you see what is asked, and others answer.</p>
    </footer>
  )
}

type DenyButtonProps = { view: Shown['view']; busy: boolean; back: (() => void) | null; onDeny: () => void }

/** Denies at once; while something is open that Esc leads back from, it stands for that. */
function DenyButton({ view, busy, back, onDeny }: DenyButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
  const open = back !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown anew has the focus on Deny again
  useEffect(() => {
    if (!open) button.current?.focus({ preventScroll: true })
  }, [view.id, view.shown_hash, open])
  if (back) {
    return (
      <Button size="large" kbd="Esc" onClick={back} aria-keyshortcuts="Escape">
        Back
      </Button>
    )
  }
  return (
    <Button ref={button} size="large" kbd="Esc" loading={busy} onClick={onDeny} aria-keyshortcuts="Escape">
      Deny
    </Button>
  )
}

type Failing = { answer: ReturnType<typeof useAnswer>; asks: Asks }

/** A failure that belongs to no field. */
function OtherFailure({ answer: { failure }, asks }: Failing) {
  if (!failure) return null
  const { code, message, hint } = failure
  const ofField = (asks.reason && code === 'REASON_REQUIRED') || (asks.pin && /^PRESENCE_(PIN|LOCKED|REQ)/.test(code))
  if (ofField) return null
  const title = code === 'EDIT_REFUSED' ? 'It cannot run like this' : 'Your answer did not arrive'
  return <ErrorState compact title={title} why={message} hint={hint} />
}
