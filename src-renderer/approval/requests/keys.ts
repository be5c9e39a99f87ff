/** Which of the offered grants a digit picks. */
type OfferKey = `offer ${1 | 2 | 3 | 4 | 5}`

/** What a key does on the approval page. */
export type KeyDeed = 'deny' | 'allow' | 'details' | 'raw' | 'find' | 'edit' | 'help' | 'next' | 'previous' | OfferKey

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat' | 'isComposing'>

const letters: Record<string, KeyDeed> = { d: 'details', r: 'raw', e: 'edit' }

/** The keys, and what each does, for whoever asks with `?`. */
export const keyList: readonly [keys: string, does: string][] = [
  ['Esc', 'deny; or back from what is open'],
  ['Mod+Enter', 'allow what the button says'],
  ['1', 'to 5: allow for longer, by the nth offer; then allow it'],
  ['↓', 'the next request'],
  ['↑', 'the previous request'],
  ['D', 'details'],
  ['R', 'arguments as they were sent'],
  ['E', 'change the arguments, where that is possible'],
  ['Mod+F', 'find in the arguments'],
]

/**
 * What a key does, or null. `typing`: the focus is where text is entered; `scrolling`: it is on something that the arrow keys
 * scroll. A key that is held down does nothing: it was pressed for what was there before.
 */
export function keyDeed(key: Key, { typing, scrolling }: { typing: boolean; scrolling: boolean }): KeyDeed | null {
  if (key.repeat || key.isComposing || key.altKey) return null
  const modified = key.ctrlKey || key.metaKey
  if (key.key === 'Enter') return modified && !key.shiftKey ? 'allow' : null
  if (modified) return key.key.toLowerCase() === 'f' && !key.shiftKey ? 'find' : null
  // On most keyboards it takes Shift to type it.
  if (key.key === '?') return typing ? null : 'help'
  if (key.shiftKey) return null
  if (key.key === 'Escape') return 'deny'
  return typing ? null : plainKey(key.key, scrolling)
}

function plainKey(key: string, scrolling: boolean): KeyDeed | null {
  if (/^[1-5]$/.test(key)) return `offer ${key}` as OfferKey
  const letter = letters[key.toLowerCase()]
  if (letter) return letter
  if (scrolling) return null
  if (key === 'ArrowDown') return 'next'
  return key === 'ArrowUp' ? 'previous' : null
}
