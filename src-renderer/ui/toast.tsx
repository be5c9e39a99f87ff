import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { IconButton } from './button.tsx'
import { type Tone, tones } from './tone.tsx'

type ToastText = { title: string; detail?: string; tone: Tone }
type Toast = ToastText & { id: number }

const goneAfterMs = 6_000
let shown: readonly Toast[] = []
let lastId = 0
const watchers = new Set<() => void>()

function show(next: readonly Toast[]): void {
  shown = next
  for (const watcher of watchers) watcher()
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** Says that something happened, without taking the focus. What failed stays until a person has closed it. */
export function toast(text: ToastText): void {
  lastId += 1
  show([...shown.slice(-3), { ...text, id: lastId }])
}

/** Where toasts appear; once per page. */
export function Toasts() {
  const all = useSyncExternalStore(watch, () => shown)
  return (
    <section aria-live="polite" aria-label="Messages" className="fixed right-4 bottom-10 z-50 flex w-80 flex-col gap-2">
      {all.map((it) => (
        <OneToast key={it.id} toast={it} />
      ))}
    </section>
  )
}

function OneToast({ toast: { id, title, detail, tone } }: { toast: Toast }) {
  const { Icon, icon } = tones[tone]
  const close = () => show(shown.filter((it) => it.id !== id))
  useEffect(() => {
    if (tone === 'denied') return
    const timer = setTimeout(() => show(shown.filter((it) => it.id !== id)), goneAfterMs)
    return () => clearTimeout(timer)
  }, [id, tone])
  return (
    <div className="flex gap-2 rounded-md bg-raised p-3 shadow-float">
      <Icon className={clsx('mt-0.5 shrink-0', icon)} />
      <div className="min-w-0 flex-1">
        <p className="font-strong">{title}</p>
        {detail && <p className="text-muted">{detail}</p>}
      </div>
      <IconButton label="Close this message" size="small" onClick={close}>
        <X size={14} />
      </IconButton>
    </div>
  )
}
