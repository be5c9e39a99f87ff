import { type Ref, useImperativeHandle, useRef, useState } from 'react'
import { Field, Input } from '../../ui/field.tsx'
import { PinField } from '../unlock/pin-field.tsx'
import { sentenceOf } from '../unlock/sentence-of.ts'
import type { AnswerWords, useAnswer } from './use-answer.ts'

/** Gives what was typed; or, when something is missing, leads there and gives null. */
export type FieldsHandle = { words: () => AnswerWords | null }

/** What is asked for beside a key. */
export type Asks = { reason: boolean; pin: boolean }

type FieldsProps = {
  level: number
  asks: Asks
  answer: ReturnType<typeof useAnswer>
  ref: Ref<FieldsHandle>
}

type Place = 'reason' | 'pin'

/** What a grave approval needs beside a key: a reason, and the PIN again. */
export function AnswerFields({ level, asks, answer: { failure, forget }, ref }: FieldsProps) {
  const [typed, setTyped] = useState({ reason: '', pin: '' })
  const [missing, setMissing] = useState<Place | null>(null)
  const places = {
    reason: useRef<HTMLInputElement>(null),
    pin: useRef<HTMLInputElement>(null),
  }
  useImperativeHandle(ref, () => ({
    words() {
      const lacks = (['reason', 'pin'] as const).find((place) => asks[place] && typed[place].trim() === '')
      setMissing(lacks ?? null)
      if (lacks !== undefined) {
        places[lacks].current?.focus()
        return null
      }
      setTyped({ ...typed, pin: '' })
      return { reason: typed.reason, ...(asks.pin ? { pin: typed.pin } : {}) }
    },
  }))
  const type = (place: Place) => (value: string) => {
    setMissing(null)
    forget()
    setTyped({ ...typed, [place]: value })
  }
  const pinFailure = asks.pin && failure && /^PRESENCE_/.test(failure.code) ? sentenceOf(failure) : null
  const needsReason = missing === 'reason' || failure?.code === 'REASON_REQUIRED'
  return (
    <div className="flex flex-col gap-2">
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
      {asks.pin && (
        <PinField
          ref={places.pin}
          label="Your PIN, again"
          value={typed.pin}
          error={missing === 'pin' ? 'Enter your PIN to allow a call of this level.' : pinFailure}
          onChange={type('pin')}
        />
      )}
    </div>
  )
}
