import { type Ref, useImperativeHandle, useRef, useState } from 'react'
import { Field, Input } from '../../ui/field.tsx'
import { PinField } from '../unlock/pin-field.tsx'
import { sentenceOf } from '../unlock/sentence-of.ts'
import type { AnswerWords, useAnswer } from './use-answer.ts'

/** Gives what was typed; or, when something is missing, leads there and gives null. */
export type FieldsHandle = { words: () => AnswerWords | null }

type FieldsProps = {
  level: number
  asks: { reason: boolean; pin: boolean }
  answer: ReturnType<typeof useAnswer>
  ref: Ref<FieldsHandle>
}

/** What a grave approval needs beside a key: a reason, and the PIN again. */
export function AnswerFields({ level, asks, answer: { failure, forget }, ref }: FieldsProps) {
  const [reason, setReason] = useState('')
  const [pin, setPin] = useState('')
  const [missing, setMissing] = useState<'reason' | 'pin' | null>(null)
  const reasonField = useRef<HTMLInputElement>(null)
  const pinField = useRef<HTMLInputElement>(null)
  useImperativeHandle(ref, () => ({
    words() {
      const lacks = asks.reason && reason.trim() === '' ? 'reason' : asks.pin && pin === '' ? 'pin' : null
      setMissing(lacks)
      if (lacks === 'reason') reasonField.current?.focus()
      if (lacks === 'pin') pinField.current?.focus()
      if (lacks !== null) return null
      setPin('')
      return asks.pin ? { reason, pin } : { reason }
    },
  }))
  const pinFailure = asks.pin && failure && /^PRESENCE_/.test(failure.code) ? sentenceOf(failure) : null
  const needsReason = missing === 'reason' || failure?.code === 'REASON_REQUIRED'
  return (
    <div className="flex flex-col gap-2">
      <Field
        label={`Why this is all right (level ${level})`}
        error={needsReason ? 'Say in a few words why you allow it: it is kept in the record.' : null}
      >
        <Input
          ref={reasonField}
          value={reason}
          maxLength={500}
          placeholder="Kept in the record"
          onChange={(event) => {
            setMissing(null)
            forget()
            setReason(event.target.value)
          }}
        />
      </Field>
      {asks.pin && (
        <PinField
          ref={pinField}
          label="Your PIN, again"
          value={pin}
          error={missing === 'pin' ? 'Enter your PIN to allow a call of this level.' : pinFailure}
          onChange={(value) => {
            setMissing(null)
            forget()
            setPin(value)
          }}
        />
      )}
    </div>
  )
}
