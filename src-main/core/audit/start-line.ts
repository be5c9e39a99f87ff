import { peakCount } from './merkle.ts'
import type { Position } from './walk.ts'

/**
 * What precedes the records of a copy that does not begin with the first one: the place where it begins. Nobody need believe it: the tree
 * that goes on from it fits the next signed checkpoint only if it is right.
 */
export function startLine({ size, hash, tree }: Position): string {
  return JSON.stringify({ start: { size, hash, peaks: tree.peaks } })
}

/** The place that such a line names; null when it is none. */
export function readStart(line: string): Position | null {
  try {
    const { size, hash, peaks } = (JSON.parse(line) as { start: Record<string, unknown> }).start
    const known = Number.isSafeInteger(size) && (size as number) >= 0 && isHash(hash) && Array.isArray(peaks)
    if (!known || peaks.length !== peakCount(size as number) || !peaks.every(isHash)) return null
    return { size: size as number, hash, tree: { size: size as number, peaks } }
  } catch {
    return null
  }
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
