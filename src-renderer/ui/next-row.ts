/** Index of the row that a key moves to from `active` (-1: none) of `count`, `perPage` rows in sight; null for other keys. */
export function nextRow(key: string, active: number, count: number, perPage: number): number | null {
  if (count === 0) return null
  const to: Record<string, number> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + perPage,
    PageUp: active - perPage,
    Home: 0,
    End: count - 1,
  }
  const target = to[key]
  return target === undefined ? null : Math.min(count - 1, Math.max(0, target))
}
