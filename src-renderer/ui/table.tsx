import type { ReactNode } from 'react'

/** A column of a small table; `end` puts numbers to the right. */
export type TableColumn<Row> = { head: string; cell: (row: Row) => ReactNode; end?: boolean; width?: string }

type TableProps<Row> = {
  label: string
  columns: readonly TableColumn<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
}

/** A table for up to some hundred rows; above that there is `VirtualTable`. */
export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <table aria-label={label} className="w-full border-collapse text-left">
      <thead>
        <tr className="h-8 border-line border-b text-faint text-small">
          {columns.map(({ head, end, width }) => (
            <th key={head} scope="col" style={{ width }} className={end ? 'px-3 text-right' : 'px-3'}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="h-11 border-line border-b last:border-b-0 hover:bg-hover">
            {columns.map(({ head, cell, end }) => (
              <td key={head} className={end ? 'px-3 text-right' : 'px-3'}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
