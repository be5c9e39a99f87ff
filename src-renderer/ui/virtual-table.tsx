import { useVirtualizer } from '@tanstack/react-virtual'
import { clsx } from 'clsx'
import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import { nextRow } from './next-row.ts'

/** A column: `width` is a track of CSS grid, such as `96px` or `minmax(0, 1fr)`. */
export type VirtualColumn<Row> = { head: string; width: string; cell: (row: Row) => ReactNode; end?: boolean }

type VirtualTableProps<Row> = {
  label: string
  columns: readonly VirtualColumn<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  rowHeight?: number
  /** Key of the row that is open beside the table. */
  selected?: string | null
  /** Enter or a click on a row. */
  onOpen: (row: Row) => void
  /** Whether the newest row is in sight; new rows should wait while it is not. */
  onAtTop?: (atTop: boolean) => void
  /** The last row came into sight: time to ask for more. */
  onEnd?: () => void
  /** Whether a row that holds others is open; undefined for one that holds none. */
  expandedOf?: (row: Row) => boolean | undefined
  /** The element that scrolls and has the focus. */
  scrollerRef?: RefObject<HTMLDivElement | null>
}

const headHeight = 32

/**
 * A table of any length by keyboard and pointer: ↑ ↓ Page Home End move, Enter opens. Only rows in sight exist, and of these
 * only those that changed are drawn anew, as long as `columns` and `keyOf` stay the same.
 */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, keyOf, rowHeight = 44, selected = null, onOpen, onAtTop, onEnd, expandedOf } = props
  const id = useId()
  const ownScroller = useRef<HTMLDivElement>(null)
  const scroller = props.scrollerRef ?? ownScroller
  // The active row is known by its key, so that it stays itself when rows come in above it.
  const [activeKey, setActiveKey] = useState<string | null>(null)
  const getItemKey = useCallback((at: number) => keyOf(rows[at] as Row), [rows, keyOf])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey,
    overscan: 4,
    // The head covers as much at the top as it moves the rows down; at the bottom nothing makes up for it.
    scrollPaddingEnd: headHeight,
  })
  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? -1
  useEffect(() => {
    if (lastShown >= 0 && lastShown === rows.length - 1) onEnd?.()
  }, [lastShown, rows.length, onEnd])
  const active = activeKey === null ? -1 : rows.findIndex((row) => keyOf(row) === activeKey)
  const tracks = columns.map(({ width }) => width).join(' ')
  const open = useRef(onOpen)
  useEffect(() => {
    open.current = onOpen
  })
  const pick = useCallback(
    (row: Row) => {
      setActiveKey(keyOf(row))
      open.current(row)
    },
    [keyOf],
  )

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active]
    if (event.key === 'Enter' && row !== undefined) onOpen(row)
    const perPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1)
    const next = nextRow(event.key, active, rows.length, perPage)
    const target = next === null ? undefined : rows[next]
    if (next === null || target === undefined) return
    event.preventDefault()
    setActiveKey(keyOf(target))
    virtual.scrollToIndex(next)
  }

  return (
    <div
      ref={scroller}
      // Rows of a plain grid cannot be open or closed.
      role="treegrid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={shown.some(({ index }) => index === active) ? `${id}${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={() => {
        const first = rows[0]
        if (active === -1 && first !== undefined) setActiveKey(keyOf(first))
      }}
      onScroll={(event) => onAtTop?.(event.currentTarget.scrollTop < rowHeight / 2)}
      className="group h-full min-h-0 overflow-auto outline-offset-[-2px]"
    >
      <Head columns={columns} tracks={tracks} />
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, key, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          return (
            <StillRow
              key={key}
              id={`${id}${index}`}
              index={index}
              start={start}
              height={rowHeight}
              tracks={tracks}
              row={row}
              columns={columns}
              active={index === active}
              selected={keyOf(row) === selected}
              expanded={expandedOf?.(row)}
              onPick={pick}
            />
          )
        })}
      </div>
    </div>
  )
}

type GridRowProps<Row> = {
  id: string
  index: number
  start: number
  height: number
  tracks: string
  row: Row
  columns: readonly VirtualColumn<Row>[]
  active: boolean
  selected: boolean
  expanded: boolean | undefined
  onPick: (row: Row) => void
}

/** A row that is drawn anew only when something in it changed. */
const StillRow = memo(GridRow) as typeof GridRow

function GridRow<Row>(props: GridRowProps<Row>) {
  const { id, index, start, height, tracks, row, columns, active, selected, expanded, onPick } = props
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-expanded={expanded}
      onClick={() => onPick(row)}
      className={clsx(
        'contain-strict absolute inset-x-0 top-0 grid items-center border-line border-b',
        selected ? 'bg-selected' : 'hover:bg-hover',
        active && 'group-focus-visible:bg-hover group-focus-visible:shadow-[inset_5px_0_0_var(--color-accent-text)]',
      )}
      style={{ height, gridTemplateColumns: tracks, transform: `translateY(${start}px)` }}
    >
      {columns.map(({ head, cell, end }) => (
        <div key={head} role="gridcell" className={clsx('min-w-0 overflow-hidden px-3', end && 'text-right')}>
          {cell(row)}
        </div>
      ))}
    </div>
  )
}

function Head<Row>({ columns, tracks }: { columns: readonly VirtualColumn<Row>[]; tracks: string }) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
      <div
        role="row"
        aria-rowindex={1}
        className="grid h-8 items-center border-line border-b font-strong text-faint text-small"
        style={{ gridTemplateColumns: tracks }}
      >
        {columns.map(({ head, end }) => (
          <span key={head} role="columnheader" className={clsx('truncate px-3', end && 'text-right')}>
            {head}
          </span>
        ))}
      </div>
    </div>
  )
}
