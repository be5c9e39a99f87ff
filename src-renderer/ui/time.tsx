import { useSyncExternalStore } from 'react'
import { exactTime, relativeTime } from './relative-time.ts'

/** One clock for all times on the page; a time is drawn anew only when its words change. */
const watchers = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  ticking ??= setInterval(() => {
    for (const it of watchers) it()
  }, 5_000)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(ticking)
    ticking = undefined
  }
}

/** A moment (ISO 8601) as time that passed; exact on hover. What is no time is shown as it came. */
export function Time({ at }: { at: string }) {
  const moment = Date.parse(at)
  const words = useSyncExternalStore(watch, () => (Number.isNaN(moment) ? at : relativeTime(moment, Date.now())))
  return (
    <time dateTime={at} title={Number.isNaN(moment) ? at : exactTime(moment)} className="whitespace-nowrap">
      {words}
    </time>
  )
}
