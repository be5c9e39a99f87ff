import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useLocation } from 'wouter'
import type { HaltView } from '../../shared/stop.ts'
import { call } from '../call.ts'
import { openApprovals } from '../open-approvals.ts'
import { Overlay } from '../ui/dialog.tsx'
import { toast } from '../ui/toast.tsx'
import { asFailure } from '../use-call.ts'
import { pages } from './pages.tsx'
import { nextTheme } from './theme-choice.ts'

type Entry = { group: string; words: string; run: () => void | Promise<void> }

/** Everything that can be opened or done, by its words. */
export function Palette({ halts, onClose }: { halts: readonly HaltView[]; onClose: () => void }) {
  const [, go] = useLocation()
  const resume: Entry = { group: 'Do', words: 'Resume calls that are stopped', run: () => openApprovals('/resume') }
  const stop: Entry = {
    group: 'Do',
    words: 'Stop everything',
    run: async () => void (await call('stop', { reason: 'stopped in the app' })),
  }
  const entries: Entry[] = [
    ...pages.map(({ name, at }) => ({ group: 'Go to', words: name, run: () => go(at) })),
    { group: 'Do', words: 'Open the approval page', run: () => openApprovals('/') },
    { group: 'Do', words: 'Turn observe mode on or off', run: () => openApprovals('/observe') },
    { group: 'Do', words: 'Begin or end an override', run: () => openApprovals('/override') },
    { group: 'Do', words: 'Set quiet hours', run: () => openApprovals('/quiet') },
    { group: 'Do', words: 'Add or remove people', run: () => openApprovals('/people') },
    { group: 'Do', words: 'Choose or change the PIN', run: () => openApprovals('/presence') },
    ...(halts.length > 0 ? [resume] : []),
    ...(halts.some(({ scope }) => scope === 'all') ? [] : [stop]),
    { group: 'Do', words: 'Next theme', run: nextTheme },
  ]
  const choose = (entry: Entry) => {
    onClose()
    Promise.resolve(entry.run()).catch((error: unknown) => {
      const { message, hint } = asFailure(error)
      toast({ title: message, detail: hint, tone: 'denied' })
    })
  }
  return (
    <Overlay label="Go to or do" onClose={onClose} className="mt-[16vh] w-140">
      <Command label="Go to or do" loop>
        <div className="flex h-12 items-center gap-2 border-line border-b px-4">
          <Search size={16} className="text-faint" aria-hidden="true" />
          <Command.Input
            data-autofocus
            placeholder="Go to or do …"
            className="h-full flex-1 bg-transparent text-large outline-none"
          />
        </div>
        <Command.List className="max-h-80 overflow-y-auto p-2" label="Pages and actions">
          <Command.Empty className="px-2 py-6 text-center text-muted">Nothing of this name.</Command.Empty>
          {['Go to', 'Do'].map((group) => (
            <Command.Group
              key={group}
              heading={group}
              className="pb-1 **:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:py-1 **:[[cmdk-group-heading]]:text-faint **:[[cmdk-group-heading]]:text-small"
            >
              {entries
                .filter((entry) => entry.group === group)
                .map((entry) => (
                  <Command.Item
                    key={entry.words}
                    value={entry.words}
                    onSelect={() => choose(entry)}
                    className="flex h-8 items-center rounded-sm px-2 data-[selected=true]:bg-selected data-[selected=true]:text-accent-text"
                  >
                    {entry.words}
                  </Command.Item>
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Overlay>
  )
}
