import { salvage, salvageIdAtEnd } from '../json/salvage.ts'

/**
 * Refuses messages that are longer than the limit, each once and under its id. Some write the id last (the SDKs of Python and
 * TypeScript): then the refusal waits until the message, which is skipped, has ended.
 */
export function createTooLong(refuse: (head: Buffer, idText: string) => void) {
  let unnamed: Buffer | null = null
  return {
    /** A message is too long; `head` is how it began. */
    tooLong(head: Buffer): void {
      const { idText } = salvage(head)
      if (idText === 'null') unnamed = head
      else refuse(head, idText)
    },

    /** That message has ended with `tail`. */
    skipped(tail: Buffer): void {
      if (unnamed) refuse(unnamed, salvageIdAtEnd(tail))
      unnamed = null
    },
  }
}
