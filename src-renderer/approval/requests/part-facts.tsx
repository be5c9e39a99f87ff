import { clsx } from 'clsx'
import { useMemo } from 'react'
import { type CodeFact, shellFacts, sqlFacts } from '../../say/code-facts.ts'
import { VisibleText } from '../../ui/visible-text.tsx'
import { type ArgumentPart, lineOfWords } from './argument-parts.ts'

/** What stands out in a command or a statement, above its exact text; nothing for what is neither. */
export function PartFacts({ part }: { part: ArgumentPart }) {
  const facts = useMemo(() => factsOf(part), [part])
  if (facts.length === 0) return null
  return (
    <ul aria-label={`What stands out in ${part.name}`} className="flex flex-wrap gap-1">
      {facts.map(({ text, grave }) => (
        <li
          key={text}
          className={clsx(
            'wrap-anywhere rounded-sm border px-1.5 text-small',
            grave ? 'border-asked-line bg-asked-fill font-strong text-asked-text' : 'border-line-strong text-muted',
          )}
        >
          <VisibleText text={text} />
        </li>
      ))}
    </ul>
  )
}

function factsOf(part: ArgumentPart): CodeFact[] {
  if (part.kind === 'sql') return sqlFacts(part.text)
  if (part.kind === 'shell') return shellFacts(part.text)
  const line = part.kind === 'json' ? lineOfWords(part) : null
  return line === null ? [] : shellFacts(line)
}
