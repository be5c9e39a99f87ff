import { clsx } from 'clsx'
import { Moon, PanelLeft, Search, Sun, SunMoon } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { StatusView } from '../../shared/calls.ts'
import { Badge } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { Mark } from '../ui/icons.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { type AppPage, pages } from './pages.tsx'
import { StopButton } from './stop-button.tsx'
import { nextTheme, useTheme } from './theme-choice.ts'

const keptAs = 'toolgate.sidebar'
const themes = {
  system: { Icon: SunMoon, label: 'Theme: as the system' },
  light: { Icon: Sun, label: 'Theme: light' },
  dark: { Icon: Moon, label: 'Theme: dark' },
} as const

/** Where you can go: icons and words, or icons alone. */
export function Sidebar({ status, onSearch }: { status: StatusView | undefined; onSearch: () => void }) {
  const [narrow, setNarrow] = useState(localStorage.getItem(keptAs) === 'narrow')
  const { Icon, label } = themes[useTheme()]
  const toggle = () => {
    localStorage.setItem(keptAs, narrow ? 'wide' : 'narrow')
    setNarrow(!narrow)
  }
  return (
    <nav
      aria-label="Pages"
      className={clsx('flex min-h-0 flex-col border-line border-r bg-canvas', narrow ? 'w-14' : 'w-54')}
    >
      <div className={clsx('flex h-12 items-center gap-2', narrow ? 'justify-center' : 'px-4')}>
        <Mark size={22} className="text-accent" />
        {!narrow && <span className="font-strong text-large tracking-tight">Toolgate</span>}
      </div>
      <div className="px-2 pb-2">
        <SearchEntry narrow={narrow} onSearch={onSearch} />
      </div>
      <ul className="flex flex-1 flex-col gap-px overflow-y-auto px-2">
        {pages
          .filter(({ hidden }) => !hidden)
          .map((page) => (
            <Entry key={page.name} page={page} narrow={narrow} count={status && page.count ? page.count(status) : 0} />
          ))}
      </ul>
      <div className={clsx('flex gap-1 p-2', narrow && 'flex-col items-center')}>
        <StopButton stopped={status?.stopped ?? false} narrow={narrow} />
        <span className="flex-1" />
        <IconButton label={label} onClick={nextTheme}>
          <Icon size={16} />
        </IconButton>
        <IconButton label={narrow ? 'Show words' : 'Show icons only'} onClick={toggle}>
          <PanelLeft size={16} />
        </IconButton>
      </div>
    </nav>
  )
}

function SearchEntry({ narrow, onSearch }: { narrow: boolean; onSearch: () => void }) {
  if (narrow)
    return (
      <div className="flex justify-center">
        <IconButton label="Go to or do …" kbd="Mod+K" onClick={onSearch}>
          <Search size={16} />
        </IconButton>
      </div>
    )
  return (
    <button
      type="button"
      onClick={onSearch}
      className="flex h-8 w-full items-center gap-2 rounded-md border border-line-strong bg-surface px-2 text-faint transition-colors hover:text-ink"
    >
      <Search size={14} aria-hidden="true" />
      <span className="flex-1 text-left">Go to or do …</span>
      <Kbd keys="Mod+K" />
    </button>
  )
}

function Entry({ page, narrow, count }: { page: AppPage; narrow: boolean; count: number }) {
  const [location] = useLocation()
  const current = page.at === '/' ? location === '/' : location === page.at || location.startsWith(`${page.at}/`)
  const link = (
    <Link
      href={page.at}
      aria-current={current ? 'page' : undefined}
      aria-label={narrow ? page.name : undefined}
      className={clsx(
        'relative flex h-8 items-center gap-2 rounded-md transition-colors',
        narrow ? 'justify-center' : 'px-2',
        current ? 'bg-selected font-strong text-accent-text' : 'text-muted hover:bg-hover hover:text-ink',
      )}
    >
      <page.Icon size={16} aria-hidden="true" />
      {!narrow && <span className="flex-1">{page.name}</span>}
      {count > 0 && (
        <span className={narrow ? '-top-1 absolute right-0' : ''}>
          <Badge strong>{count}</Badge>
        </span>
      )}
    </Link>
  )
  return <li>{narrow ? <Tooltip text={page.name}>{link}</Tooltip> : link}</li>
}
