import { OctagonX, Play } from 'lucide-react'
import { useState } from 'react'
import type { HaltView } from '../../shared/stop.ts'
import { haltedCalls, targetOf } from '../say/halt.ts'
import { Button } from '../ui/button.tsx'
import { Popover } from '../ui/popover.tsx'
import { useCall } from '../use-call.ts'
import { OpenApprovalsButton } from './open-approvals-button.tsx'
import { StopForm } from './stop-form.tsx'

/** Stops the calls of one server or one client; while they are stopped, leads to where a person resumes them. */
export function StopCalls({ scope, name, title = name }: Pick<HaltView, 'scope' | 'name'> & { title?: string }) {
  const { value: status } = useCall('status', {}, ['status'])
  const [open, setOpen] = useState(false)
  const calls = haltedCalls({ scope, title })
  const halted = status?.halts.some((halt) => halt.scope === scope && halt.name === name)
  if (halted) {
    return (
      <OpenApprovalsButton at="/resume" look="primary" icon={<Play size={14} aria-hidden="true" />}>
        Resume
      </OpenApprovalsButton>
    )
  }
  const button = (
    <Button look="ghost" icon={<OctagonX size={14} aria-hidden="true" />}>
      Stop calls
    </Button>
  )
  return (
    <Popover title={`Stop ${calls}`} open={open} onOpenChange={setOpen} button={button}>
      <StopForm only={{ target: targetOf({ scope, name }), calls }} onDone={() => setOpen(false)} />
    </Popover>
  )
}
