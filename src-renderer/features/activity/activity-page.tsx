import { clsx } from 'clsx'
import { Activity, ArrowUp } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { useLocation, useSearch } from 'wouter'
import { places } from '../../places.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx'
import { useWidth } from '../../ui/use-width.ts'
import { VirtualTable } from '../../ui/virtual-table.tsx'
import { asFailure } from '../../use-call.ts'
import type { Line } from './bursts.ts'
import { columnsFor } from './columns.tsx'
import { FilterBar } from './filter-bar.tsx'
import { filtersOf, narrows, noFilters, queryOf } from './filters.ts'
import { ListEnd } from './list-end.tsx'
import { RecordDrawer } from './record-drawer.tsx'
import { useCallFeed } from './use-call-feed.ts'
import { useChoices } from './use-choices.ts'
import { useDrawerFocus } from './use-drawer-focus.ts'
import { useLines } from './use-lines.ts'
import { useSlashKey } from './use-slash-key.ts'

const keyOf = (line: Line) => line.key
const expandedOf = (line: Line) => (line.kind === 'burst' ? line.open : undefined)
/** Below this width the drawer takes the place of the list. */
const roomForBoth = 720
/** Below this width the filters have a line of their own, under the title. */
const roomForOneLine = 840

/** What the agents did: every call as a line, live, and one of them in full beside the list. */
export function ActivityPage() {
  const [location, go] = useLocation()
  const query = useSearch()
  const filters = useMemo(() => filtersOf(query), [query])
  const feed = useCallFeed()
  const view = useLines(feed, feed.older, filters)
  const choices = useChoices(feed.rows)
  const finds = useMemo(() => feed.rows.some(({ findings }) => findings.length > 0), [feed.rows])
  const page = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  useSlashKey(field)
  const width = useWidth(list)
  const pageWidth = useWidth(page)
  const openId = idIn(location)
  const oneLine = width >= roomForOneLine
  const alone = openId !== null && pageWidth < roomForBoth
  const change = (next: typeof filters) => go(`${location}${queryOf(next)}`, { replace: next.text !== filters.text })
  const close = () => go(`${places.activity}${queryOf(filters)}`)
  useDrawerFocus(openId, table, close)
  const open = (line: Line) => {
    if (line.kind === 'burst') view.toggle(line.key)
    else go(`${places.call(line.row.call_id)}${queryOf(filters)}`, { replace: openId !== null })
  }
  return (
    <div ref={page} className="flex h-full min-h-0">
      {alone && <h1 className="sr-only">Activity</h1>}
      <section
        aria-label="Calls"
        hidden={alone}
        className={alone ? 'hidden' : 'flex min-w-0 flex-1 flex-col'}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && openId !== null && !event.defaultPrevented) close()
        }}
      >
        <header
          className={clsx('flex gap-x-4 gap-y-2 border-line border-b px-3 py-3', oneLine ? 'items-center' : 'flex-col')}
        >
          <h1 className="pl-1 text-title">Activity</h1>
          <FilterBar filters={filters} {...choices} onChange={change} field={field} oneLine={oneLine} />
        </header>
        <div ref={list} className="relative min-h-0 flex-1">
          <News count={view.waiting} onShow={() => table.current?.scrollTo({ top: 0 })} />
          {view.count > 0 ? (
            <VirtualTable
              label="Calls, newest first"
              columns={columnsFor(width, finds)}
              rows={view.lines}
              keyOf={keyOf}
              expandedOf={expandedOf}
              selected={openId}
              onOpen={open}
              onAtTop={view.onAtTop}
              onEnd={view.onEnd}
              scrollerRef={table}
            />
          ) : (
            <Nothing feed={feed} filtered={narrows(filters)} onClear={() => go(`${location}${queryOf(noFilters)}`)} />
          )}
        </div>
        {feed.rows.length > 0 && <ListEnd feed={feed} count={view.count} filtered={narrows(filters)} />}
      </section>
      {openId !== null && <RecordDrawer key={openId} id={openId} alone={alone} onClose={close} />}
    </div>
  )
}

/** The call that the address names. */
function idIn(location: string): string | null {
  const id = location.startsWith(`${places.activity}/`) ? location.slice(places.activity.length + 1) : ''
  return id === '' ? null : id
}

function News({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div role="status" className="-translate-x-1/2 absolute top-10 left-1/2 z-20">
      {count > 0 && (
        <Button look="primary" size="small" icon={<ArrowUp size={12} aria-hidden="true" />} onClick={onShow}>
          {count.toLocaleString('en')} new
        </Button>
      )}
    </div>
  )
}

type NothingProps = { feed: ReturnType<typeof useCallFeed>; filtered: boolean; onClear: () => void }

function Nothing({ feed, filtered, onClear }: NothingProps) {
  const [, go] = useLocation()
  if (feed.error !== null && !feed.loaded) {
    const { message, hint, code } = asFailure(feed.error)
    // The page says itself that the connection is lost, and asks again when it is back.
    if (code === 'CONNECTION_LOST' || code === 'NOT_CONNECTED') return <Loading />
    const retry = <Button onClick={() => void feed.retry()}>Try again</Button>
    return <ErrorState title="The calls cannot be listed" why={message} hint={hint} action={retry} />
  }
  if (!feed.loaded || (filtered && feed.loadingOlder)) return <Loading />
  if (filtered) {
    return (
      <EmptyState title="No call fits" action={<Button onClick={onClear}>Clear the filters</Button>}>
        <p>None of the calls that were looked through fits all of the filters.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<Activity size={24} />}
      title="No call yet"
      action={<Button onClick={() => go(places.start)}>First steps</Button>}
    >
      <p>Once a client calls a tool through Toolgate, you see here what it did, what was decided, and why.</p>
    </EmptyState>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-6 p-4" aria-busy="true">
      <span className="sr-only">Loading the calls</span>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <Skeleton key={key} className="h-5 w-full" />
      ))}
    </div>
  )
}
