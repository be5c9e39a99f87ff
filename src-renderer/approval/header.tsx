import {
  Bell,
  ChevronDown,
  Eye,
  KeyRound,
  Lock,
  LockOpen,
  Moon,
  Plug,
  Scale,
  Server,
  ShieldOff,
  Users,
} from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/icons.tsx'
import { Menu } from '../ui/menu.tsx'
import { Skeleton } from '../ui/states.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { VisibleText } from '../ui/visible-text.tsx'
import type { Route } from './route.ts'
import { useDeed } from './use-deed.ts'

const places = [
  { label: 'Approvals', to: '/', Icon: Bell, pages: ['requests', 'grant'] },
  { label: 'Servers', to: '/servers', Icon: Server, pages: ['servers', 'server'] },
  { label: 'Policy', to: '/policy', Icon: Scale, pages: ['policy'] },
  { label: 'Observe mode', to: '/observe', Icon: Eye, pages: ['observe'] },
  { label: 'Override', to: '/override', Icon: ShieldOff, pages: ['override'] },
  {
    label: 'Clients',
    to: '/clients',
    Icon: Plug,
    pages: ['clients', 'new-client', 'client', 'connect', 'undo-connect', 'consent'],
  },
  { label: 'Quiet hours', to: '/quiet', Icon: Moon, pages: ['quiet'] },
  { label: 'People', to: '/people', Icon: Users, pages: ['people'] },
  { label: 'PIN', to: '/presence', Icon: KeyRound, pages: ['presence'] },
] as const

type HeaderProps = { route: Route; go: (to: string) => void; unlocked: boolean; known: boolean; who: string | null }

/** Which of several people unlocked the page, and the way to let somebody else. */
function WhoIsHere({ name }: { name: string }) {
  const { run, busy } = useDeed('presence.leave')
  return (
    <>
      <span className="max-w-40 truncate text-small">
        <VisibleText text={name} />
      </span>
      <Button look="ghost" size="small" loading={busy} onClick={() => void run({})}>
        Lock
      </Button>
    </>
  )
}

/** Where the person is on the approval page, the way to elsewhere, and whether it is unlocked. */
export function Header({ route, go, unlocked, known, who }: HeaderProps) {
  const here = places.find(({ pages }) => (pages as readonly string[]).includes(route.page))
  const title = here?.label ?? (route.page === 'incident' ? 'Incident' : 'Resume')
  const Icon = unlocked ? LockOpen : Lock
  const word = unlocked ? 'Unlocked' : 'Locked'
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-line border-b bg-canvas pr-4 pl-3">
      <Mark size={18} className="text-accent" />
      <h1 className="sr-only">{title} · Toolgate</h1>
      {unlocked ? (
        <Menu
          label="Places"
          items={places.map(({ label, to, Icon }) => ({
            label,
            icon: <Icon size={14} aria-hidden="true" />,
            onSelect: () => go(to),
          }))}
        >
          <Button look="ghost" size="small" className="text-base!" aria-label={`${title}: go elsewhere`}>
            <span className="text-base text-ink">{title}</span>
            <ChevronDown size={14} aria-hidden="true" />
          </Button>
        </Menu>
      ) : (
        <span className="px-2 font-strong">{title}</span>
      )}
      <span className="flex-1" />
      {who !== null && <WhoIsHere name={who} />}
      {known ? (
        <Tooltip text={unlocked ? 'You have proved to be here' : 'Nothing can be answered yet'}>
          <span className="flex items-center gap-1.5 text-muted text-small">
            <Icon size={13} aria-hidden="true" />
            {word}
          </span>
        </Tooltip>
      ) : (
        <Skeleton className="h-4 w-16" />
      )}
    </header>
  )
}
