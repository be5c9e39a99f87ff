import type { ChangedFile } from '../../../../shared/client-config.ts'
import { asSentence } from '../../../say/as-sentence.ts'
import { shortPath } from '../../../say/short-path.ts'
import { Hint } from '../../../ui/hint.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { Notice } from '../../notice.tsx'

type ChangedFilesProps = {
  files: readonly ChangedFile[]
  nameOf: (id: string) => string
  home: string | null
  /** What was done to one, as a sentence. */
  words: (file: ChangedFile) => string
}

/** What came of each file: done, and how the client takes it up, or not done, and why. */
export function ChangedFiles({ files, nameOf, home, words }: ChangedFilesProps) {
  return (
    <ul className="flex flex-col gap-2">
      {files.map((file) => (
        <li key={file.path}>
          <Notice tone={file.done ? 'allowed' : 'denied'}>
            <p className="font-strong">{nameOf(file.client)}</p>
            <p>
              <code>
                <VisibleText text={shortPath(file.path, home)} />
              </code>
            </p>
            <p>
              {file.done ? (
                words(file)
              ) : (
                <Hint text={`Not changed: ${asSentence(file.why ?? 'the reason is not known')}`} />
              )}
            </p>
            {file.left.length > 0 && (
              <p>
                <b>By hand:</b> <VisibleText text={file.left.join(', ')} /> was changed since; take it out, or write
                what it was before.
              </p>
            )}
            {file.done && (
              <p>
                <b>To apply:</b> <Hint text={file.apply} />.
              </p>
            )}
          </Notice>
        </li>
      ))}
    </ul>
  )
}
