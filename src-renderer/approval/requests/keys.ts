/** What a key does on the approval page. */
export type KeyDeed = 'deny' | 'allow' | 'details' | 'next' | 'previous'

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat' | 'isComposing'>

/**
 * What a key does, or null. `typing`: the focus is where text is entered; `scrolling`: it is on something that the arrow keys
 * scroll. A key that is held down does nothing: it was pressed for what was there before.
 */
export function keyDeed(key: Key, { typing, scrolling }: { typing: boolean; scrolling: boolean }): KeyDeed | null {
  if (key.repeat || key.isComposing || key.altKey) return null
  const modified = key.ctrlKey || key.metaKey
  if (key.key === 'Enter') return modified && !key.shiftKey ? 'allow' : null
  if (modified || key.shiftKey) return null
  if (key.key === 'Escape') return 'deny'
  if (typing) return null
  if (key.key === 'd' || key.key === 'D') return 'details'
  if (scrolling) return null
  if (key.key === 'ArrowDown') return 'next'
  return key.key === 'ArrowUp' ? 'previous' : null
}
