import type { Message } from '../json/message.ts'
import { members, splice, textOf } from '../json/spans.ts'

/**
 * The answer to `initialize` or `server/discover` without instructions that `approved` turns down, the rest byte for byte:
 * they become `""`. Every spelling of the member counts, because some clients would read it. What is no text is turned down.
 */
export function holdInstructions(answer: Message, approved: (instructions: string) => boolean): Buffer {
  const result = answer.spans.get('result')
  if (!result) return answer.raw
  const held = members(answer.raw, result)
    .filter(({ key }) => key.toLowerCase() === 'instructions')
    .filter(({ value }) => {
      const said: unknown = JSON.parse(textOf(answer.raw, value))
      return said !== '' && said !== null && !approved(typeof said === 'string' ? said : textOf(answer.raw, value))
    })
  return held.length === 0
    ? answer.raw
    : splice(
        answer.raw,
        held.map(({ value }) => ({ span: value, text: '""' })),
      )
}
