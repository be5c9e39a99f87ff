import { type FeedState, mostKept } from './call-feed.ts'
import { clockWords } from './clock-words.ts'

/** How far back the list goes, and whether there is more. */
export function ListEnd({ feed, count, filtered }: { feed: FeedState; count: number; filtered: boolean }) {
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
        {what}. {more.replaceAll('`', '')}
      </span>
    </footer>
  )
}
