import type { Kind } from './traffic.ts'

/** Where a request that is about all tasks has no tool to name. */
const allTasks = /^tasks\//

/** What was asked for, as it follows the name of a server: words of ours, and the name that came from outside, or null. */
export function askedWords(kind: Kind, name: string): { words: string; name: string | null } {
  switch (kind) {
    case 'tool':
      return { words: '', name }
    case 'resource':
      // An address says by itself that it is one.
      return { words: /^[a-z][\w+.-]*:/i.test(name) ? '' : kind, name }
    case 'prompt':
      return { words: kind, name }
    case 'completion':
      return { words: 'proposals for', name }
    case 'task':
      return allTasks.test(name) ? { words: 'its tasks', name: null } : { words: 'task of', name }
    case 'sampling':
      return { words: "the client's model", name: null }
    case 'roots':
      return { words: "the client's folders", name: null }
    case 'elicitation':
      return name === 'form' ? { words: 'a form to fill in', name: null } : { words: 'a link to', name }
  }
}

/** The same as one text. */
export function askedText(kind: Kind, name: string): string {
  const asked = askedWords(kind, name)
  return [asked.words, asked.name].filter(Boolean).join(' ')
}

/** A server asks, and its client answers; of all other kinds it is the other way round. */
export function isAskedByServer(kind: Kind): boolean {
  return kind === 'sampling' || kind === 'elicitation' || kind === 'roots'
}
