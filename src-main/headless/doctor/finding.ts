import { asTyped } from '../command-name.ts'

/** One thing that was looked at: fine, worth knowing, or wrong; `hint` says how to mend it. */
export type Finding = { check: string; level: 'ok' | 'note' | 'problem'; text: string; hint: string }

/** Something is as it should be. */
export function good(check: string, text: string): Finding {
  return { check, level: 'ok', text, hint: '' }
}

/** Something a person may want to know or do. */
export function note(check: string, text: string, hint = ''): Finding {
  return { check, level: 'note', text, hint: asTyped(hint) }
}

/** Something is wrong, and how to mend it. */
export function fail(check: string, text: string, hint: string): Finding {
  return { check, level: 'problem', text, hint: asTyped(hint) }
}
