import { OctagonX } from 'lucide-react'
import { useState } from 'react'
import { StopForm } from '../parts/stop-form.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Popover } from '../ui/popover.tsx'

/** Stops every call at once, or those of one server or client; only a person at the approval page can let them run again. */
export function StopButton({ stopped, narrow }: { stopped: boolean; narrow: boolean }) {
  const [open, setOpen] = useState(false)
  const icon = <OctagonX size={16} aria-hidden="true" />
  const button = narrow ? (
    <IconButton label="Stop …" disabled={stopped}>
      {icon}
    </IconButton>
  ) : (
    <Button look="ghost" icon={icon} disabled={stopped}>
      {stopped ? 'Stopped' : 'Stop'}
    </Button>
  )
  return (
    <Popover title="Stop" side="top" open={open} onOpenChange={setOpen} button={button}>
      <StopForm onDone={() => setOpen(false)} />
    </Popover>
  )
}
