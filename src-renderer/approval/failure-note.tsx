import { type ReactNode, useEffect, useRef } from 'react'
import type { CallFailure } from '../call.ts'
import { Hint } from '../ui/hint.tsx'
import { Quote } from '../ui/quote.tsx'
import { ErrorState } from '../ui/states.tsx'

type FailureNoteProps = { title: string; failure: CallFailure | null; action?: ReactNode; quoted?: string }

/** How a call failed, if it did, brought into sight. `quoted`: whose words the detail of the message holds, shown as a quotation. */
export function FailureNote(props: FailureNoteProps) {
  const { failure } = props
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // What was pressed may stand at the edge of a small window, and the answer to it below.
    if (failure) place.current?.scrollIntoView({ block: 'nearest' })
  }, [failure])
  return (
    <div ref={place} className="empty:hidden">
      <Note {...props} />
    </div>
  )
}

function Note({ title, failure, action, quoted }: FailureNoteProps) {
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
