import type { ReactNode } from 'react'
import type { CallFailure } from '../call.ts'
import { Hint } from '../ui/hint.tsx'
import { Quote } from '../ui/quote.tsx'
import { ErrorState } from '../ui/states.tsx'

type FailureNoteProps = { title: string; failure: CallFailure | null; action?: ReactNode; quoted?: string }

/** How a call failed, if it did. `quoted`: whose words the detail of the message holds, shown as a quotation. */
export function FailureNote({ title, failure, action, quoted }: FailureNoteProps) {
  // A page that locked itself asks for the PIN in the place of everything else.
  if (!failure || failure.code === 'PRESENCE_REQUIRED') return null
  const at = quoted === undefined ? -1 : failure.message.indexOf(': ')
  if (quoted === undefined || at < 0) {
    return <ErrorState compact title={title} why={failure.message} hint={failure.hint} action={action} />
  }
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-md border border-denied-line bg-denied-fill p-3">
      <p className="font-strong text-denied-text">{title}</p>
      <Quote from={quoted} text={failure.message.slice(at + 2)} />
      <p className="text-muted">
        <Hint text={failure.hint} />
      </p>
      {action && <div className="flex gap-2">{action}</div>}
    </div>
  )
}
