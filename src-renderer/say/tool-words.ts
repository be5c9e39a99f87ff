import { type Action, actions } from '../../shared/envelope.ts'

/** The words of a tool name: `deleteUser`, `delete_user` and `users.delete` all hold `delete`. */
export function wordsOf(name: string): Set<string> {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return new Set(words)
}

/** Whether one of the words, parted by blanks, is among those of a tool name. */
export function hasAny(words: ReadonlySet<string>, wanted: string): boolean {
  return wanted.split(' ').some((word) => words.has(word))
}

/** Whether `action` is no graver than `most`: a tool that may do more than its name says is not described by its name. */
export function atMost(action: Action, most: Action): boolean {
  return actions.indexOf(action) <= actions.indexOf(most)
}

/** The first of these arguments that is a text with something in it. */
export function textOf(args: Record<string, unknown>, names: string): string | null {
  for (const name of names.split(' ')) {
    const value = args[name]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return null
}
