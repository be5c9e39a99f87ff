import { TriangleAlert } from 'lucide-react'
import { launchWarnings } from '../../shared/launch.ts'
import type { LaunchView } from '../../shared/server.ts'
import { Hint } from '../ui/hint.tsx'
import { VisibleText } from '../ui/visible-text.tsx'

/** Exactly the words that would run, each in a frame of its own, so that nobody has to think of quotes. */
export function ArgvView({ words, label }: { words: readonly string[]; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-wrap gap-1">
      {words.map((word, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words have no identity but their place
        <li key={at} className="max-w-full rounded-sm border border-line bg-sunken px-1.5">
          <code className="whitespace-pre-wrap">
            {word === '' ? <span className="text-faint">empty</span> : <VisibleText text={word} />}
          </code>
        </li>
      ))}
    </ol>
  )
}

/** What is dangerous about the shape of a command, in the same words as in a terminal; nothing when nothing is. */
export function LaunchWarnings({ launch }: { launch: LaunchView }) {
  const warnings = launchWarnings(launch)
  if (warnings.length === 0) return null
  return (
    <ul className="flex flex-col gap-1">
      {warnings.map((warning) => (
        <li key={warning}>
          <Remark text={`It ${warning}.`} />
        </li>
      ))}
    </ul>
  )
}

/** One thing to look at twice, in amber. */
export function Remark({ text }: { text: string }) {
  return (
    <p className="flex gap-1.5 text-asked-text">
      <TriangleAlert size={14} className="mt-[3px] shrink-0" aria-hidden="true" />
      <span>
        <Hint text={text} />
      </span>
    </p>
  )
}
