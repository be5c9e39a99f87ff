import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/hint.tsx'
import { asFailure } from '../../use-call.ts'
import { type FeedState, mostKept } from './call-feed.ts'
import { clockWords } from './clock-words.ts'

type ListEndProps = { feed: FeedState & { retry: () => Promise<void> }; count: number; filtered: boolean }

/** How far back the list goes, whether there is more, and why some may be missing. */
export function ListEnd({ feed, count, filtered }: ListEndProps) {
  const { rows, cursor, loadingOlder } = feed
  const oldest = rows.at(-1)
  const all = rows.length.toLocaleString('en')
  const back = oldest ? clockWords(oldest.started_at, Date.now()) : ''
  const what = filtered
    ? `${count.toLocaleString('en')} of the newest ${all} calls fit, back to ${back}`
    : `${all} ${rows.length === 1 ? 'call' : 'calls'}, back to ${back}`
  const more =
    cursor === null
      ? 'That is the whole record.'
      : loadingOlder
        ? 'Looking further back …'
        : rows.length >= mostKept
          ? 'Older calls are in the record: `toolgate audit export` writes it out.'
          : 'Older calls come as you scroll.'
  return (
    <footer className="flex h-7 shrink-0 items-center gap-2 border-line border-t px-4 text-faint text-small">
      <span className="truncate">
        {what}. {feed.error === null && more.replaceAll('`', '')}
      </span>
      {feed.error !== null && <Missing error={feed.error} onRetry={() => void feed.retry()} />}
    </footer>
  )
}

/** A lost connection is said by the page itself, and nothing can be done about it here. */
function Missing({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { code, message } = asFailure(error)
  if (code === 'CONNECTION_LOST' || code === 'NOT_CONNECTED') return null
  return (
    <span role="alert" className="flex shrink-0 items-center gap-2 text-denied-text">
      <span>
        Calls may be missing: <Hint text={message} />.
      </span>
      <Button size="small" look="ghost" onClick={onRetry}>
        Try again
      </Button>
    </span>
  )
}
