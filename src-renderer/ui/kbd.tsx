import { clsx } from 'clsx'

const mac = /Mac/.test(navigator.platform)
const shown: Record<string, string> = mac
  ? { Mod: '⌘', Enter: '↵', Esc: 'esc', Shift: '⇧', Alt: '⌥' }
  : { Mod: 'Ctrl', Enter: '↵', Shift: '⇧' }

/** Keys to press, such as `Mod+K`; `Mod` is Ctrl, and ⌘ on a Mac. `quiet`: on a coloured ground. */
export function Kbd({ keys, quiet = false }: { keys: string; quiet?: boolean }) {
  return (
    <kbd
      className={clsx(
        'inline-flex h-4 shrink-0 items-center gap-0.5 whitespace-nowrap rounded-sm border px-1 font-sans text-small leading-none',
        quiet ? 'border-on-solid/40 text-on-solid' : 'border-line-strong bg-sunken text-muted',
      )}
    >
      {keys
        .split('+')
        .map((key) => shown[key] ?? key)
        .join(mac ? '' : ' ')}
    </kbd>
  )
}
