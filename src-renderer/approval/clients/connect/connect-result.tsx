import type { ChangedFile } from '../../../../shared/client-config.ts'
import { Button } from '../../../ui/button.tsx'
import { Column } from '../../column.tsx'
import { Notice } from '../../notice.tsx'
import { ChangedFiles } from './changed-files.tsx'

type ConnectResultProps = {
  files: readonly ChangedFile[]
  /** Servers that were registered by it, which wait for their review. */
  waiting: readonly string[]
  /** Files of hooks among them. */
  hooks: readonly string[]
  nameOf: (id: string) => string
  home: string | null
  onAgain: () => void
  go: (to: string) => void
}

/** What connecting did, file by file, and what is to be done next. */
export function ConnectResult({ files, waiting, hooks, nameOf, home, onAgain, go }: ConnectResultProps) {
  const failed = files.some(({ done }) => !done)
  const wordsOf = ({ path }: ChangedFile) =>
    hooks.includes(path) ? 'It asks before it runs its own tools.' : 'Its servers start through Toolgate.'
  const one = waiting.length === 1 ? waiting[0] : undefined
  return (
    <Column title={titleOf(files)}>
      <p role="status" className="sr-only">
        {titleOf(files)}
      </p>
      <ChangedFiles files={files} nameOf={nameOf} home={home} words={wordsOf} />
      {waiting.length > 0 && (
        <Notice tone="asked">
          <p>
            <b>{waiting.join(', ')}</b> {waiting.length === 1 ? 'waits' : 'wait'} for your review: until then calls to{' '}
            {waiting.length === 1 ? 'it' : 'them'} are refused.
          </p>
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        {waiting.length > 0 && (
          <Button
            look="primary"
            size="large"
            onClick={() => go(one === undefined ? '/servers' : `/servers/${encodeURIComponent(one)}`)}
          >
            {one === undefined ? 'Review the servers' : `Review ${one}`}
          </Button>
        )}
        {failed && (
          <Button size={waiting.length > 0 ? 'large' : 'medium'} onClick={onAgain}>
            Look again
          </Button>
        )}
      </div>
    </Column>
  )
}

function titleOf(files: readonly ChangedFile[]): string {
  const done = files.filter((file) => file.done).length
  if (done === files.length) return 'Connected'
  return done === 0 ? 'Nothing was connected' : `${done} of ${files.length} files were connected`
}
