import type { DataPath } from './yaml-source.ts'

/** How messages speak of a format's maps. */
export type Shape = {
  /** What a file of this format is called, which is also its outermost map. */
  file: string
  /** The keys of each kind of map: the file, the items of its lists, and maps called by their key in backticks. */
  keys: Readonly<Record<string, readonly string[]>>
  /** What the items of a list are called, by the key that the list has; `''` for a list that is the file. */
  items: Readonly<Record<string, string>>
}

/** What the map at `path` is called: the nearest kind around it that has keys of its own. */
export function mapAt({ file, keys, items }: Shape, path: DataPath): string {
  const names = path.map((step, index) => {
    if (typeof step === 'string') return keys[`\`${step}\``] ? `\`${step}\`` : null
    return items[String(path[index - 1] ?? '')] ?? null
  })
  return names.findLast((name) => name !== null) ?? file
}
