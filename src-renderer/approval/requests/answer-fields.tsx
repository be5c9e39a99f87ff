import { type Ref, useImperativeHandle, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { PinField } from '../unlock/pin-field.tsx'
import { sentenceOf } from '../unlock/sentence-of.ts'
import type { AnswerWords, useAnswer } from './use-answer.ts'

/** Gives what was typed; or, when something is missing, leads there and gives null. */
export type FieldsHandle = { words: () => AnswerWords | null }

/** What is asked for beside a key. `others`: somebody else than the one whose page this is may answer here too. */
export type Asks = { reason: boolean; pin: boolean; others: boolean }

type FieldsProps = {
  level: number
  asks: Asks
  answer: ReturnType<typeof useAnswer>
  ref: Ref<FieldsHandle>
}

type Place = 'as' | 'reason' | 'pin'

/** What a grave approval needs beside a key: a reason, the PIN again, and where several have to say yes, who does. */
export function AnswerFields({ level, asks, answer: { failure, forget }, ref }: FieldsProps) {
  const [typed, setTyped] = useState({ as: '', reason: '', pin: '' })
  const [other, setOther] = useState(false)
  const [missing, setMissing] = useState<Place | null>(null)
  const places = {
    as: useRef<HTMLInputElement>(null),
    reason: useRef<HTMLInputElement>(null),
    pin: useRef<HTMLInputElement>(null),
  }
  const wanted = { as: other, reason: asks.reason, pin: asks.pin || other }
  useImperativeHandle(ref, () => ({
    words() {
      const lacks = (['as', 'reason', 'pin'] as const).find((place) => wanted[place] && typed[place].trim() === '')
      setMissing(lacks ?? null)
      if (lacks !== undefined) {
        places[lacks].current?.focus()
        return null
      }
      setTyped({ ...typed, pin: '' })
      return {
        reason: typed.reason,
        ...(wanted.pin ? { pin: typed.pin } : {}),
        ...(other ? { as: typed.as.trim() } : {}),
      }
    },
  }))
  const type = (place: Place) => (value: string) => {
    setMissing(null)
    forget()
    setTyped({ ...typed, [place]: value })
  }
  const pinFailure = wanted.pin && failure && /^PRESENCE_/.test(failure.code) ? sentenceOf(failure) : null
  const needsReason = missing === 'reason' || failure?.code === 'REASON_REQUIRED'
  return (
    <div className="flex flex-col gap-2">
      {asks.others && <WhoAnswers other={other} setOther={setOther} />}
      {other && (
        <Field label="Who answers" error={missing === 'as' ? 'Enter the id of the person who answers.' : null}>
          <Input
            ref={places.as}
            autoFocus
            value={typed.as}
            maxLength={200}
            placeholder="Their id, as the policy names them"
            onChange={(event) => type('as')(event.target.value)}
          />
        </Field>
      )}
      {asks.reason && (
        <Field
          label={`Why this is all right (level ${level})`}
          error={needsReason ? 'Say in a few words why you allow it: it is kept in the record.' : null}
        >
          <Input
            ref={places.reason}
            value={typed.reason}
            maxLength={500}
            placeholder="Kept in the record"
            onChange={(event) => type('reason')(event.target.value)}
          />
        </Field>
      )}
      {wanted.pin && (
        <PinField
          ref={places.pin}
          label={other ? 'Their PIN' : 'Your PIN, again'}
          value={typed.pin}
          error={missing === 'pin' ? missingPin(other) : pinFailure}
          onChange={type('pin')}
        />
      )}
    </div>
  )
}

function missingPin(other: boolean): string {
  return other ? 'They enter their own PIN to answer here.' : 'Enter your PIN to allow a call of this level.'
}

function WhoAnswers({ other, setOther }: { other: boolean; setOther: (other: boolean) => void }) {
  return (
    <p className="flex items-center justify-between text-muted">
      {other ? 'Somebody else answers here.' : 'Your answer counts as yours.'}
      <Button look="ghost" size="small" aria-pressed={other} onClick={() => setOther(!other)}>
        {other ? 'I answer' : 'Somebody else answers'}
      </Button>
    </p>
  )
}
