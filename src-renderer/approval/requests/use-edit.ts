import { useState } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { argumentsMistake, laidOut } from './changed-arguments.ts'

/** Arguments that a person changes before they allow the call. */
export type Edit = {
  /** Whether this call's arguments may be changed at all, and whether they are being changed. */
  possible: boolean
  open: boolean
  before: string
  text: string
  /** What keeps the text from being sent, as a sentence; null when nothing does. */
  mistake: string | null
  setText: (text: string) => void
  setOpen: (open: boolean) => void
}

/** The change of a request's arguments. What is begun stays while the same is asked for, and counts only while it is open. */
export function useEdit({ arguments: asked, editable, shown_hash }: ApprovalView): Edit {
  const [draft, setDraft] = useState<{ of: string; text: string } | null>(null)
  const [open, setOpen] = useState<string | null>(null)
  const before = laidOut(asked)
  const text = draft?.of === shown_hash ? draft.text : before
  const possible = editable !== null
  return {
    ...{ possible, before, text },
    // What changed while it was open is shown first, and changed again only then.
    open: possible && open === shown_hash,
    mistake: text === before ? 'Nothing is changed yet.' : editable === null ? null : argumentsMistake(text, editable),
    setText: (to) => setDraft({ of: shown_hash, text: to }),
    setOpen: (to) => setOpen(to ? shown_hash : null),
  }
}
