import { clsx } from 'clsx'
import type { MouseEvent, ReactNode } from 'react'

/** How little room a table must have for a column to be left out: what is spared first is left out soonest. */
const spared = { first: '@max-5xl:hidden', second: '@max-4xl:hidden', third: '@max-3xl:hidden' } as const

/**
 * A column of a small table; `end` puts numbers to the right. One with a `width` keeps it, and the others share the rest. `spare` ones are
 * left out where the table has little room: what they say must stand elsewhere too.
 */
export type TableColumn<Row> = {
  head: string
  cell: (row: Row) => ReactNode
  end?: boolean
  width?: string
  spare?: keyof typeof spared
}

/** Of a column that shares the rest: words in it must not be cut into letters. */
const leastWidth = '120px'

type TableProps<Row> = {
  label: string
  columns: readonly TableColumn<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  /** A click anywhere on a row, beside the link in it that does the same for the keyboard. */
  onOpen?: (row: Row) => void
}

/** A table for up to some hundred rows; above that there is `VirtualTable`. */
export function Table<Row>({ label, columns, rows, keyOf, onOpen }: TableProps<Row>) {
  return (
    <div className="@container overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse text-left">
        <thead>
          <tr className="h-8 border-line border-b text-faint text-small">
            {columns.map(({ width, ...column }) => (
              <th
                key={column.head}
                scope="col"
                style={{ width, minWidth: width ?? leastWidth }}
                className={look(column)}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              onClick={onOpen && ((event) => isOnItself(event) && onOpen(row))}
              className={clsx('h-11 border-line border-b last:border-b-0', onOpen && 'cursor-pointer hover:bg-hover')}
            >
              {columns.map(({ cell, ...column }) => (
                <td key={column.head} className={look(column)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function look({ end, spare }: Pick<TableColumn<never>, 'end' | 'spare'>): string {
  return clsx('px-3 py-1.5', end && 'text-right', spare && spared[spare])
}

/** Whether a click is meant for the row: not for something in it, nor to select text. */
function isOnItself(event: MouseEvent<HTMLElement>): boolean {
  const { target } = event
  const onControl = target instanceof Element && target.closest('a, button, input') !== null
  return !onControl && (getSelection()?.isCollapsed ?? true)
}
