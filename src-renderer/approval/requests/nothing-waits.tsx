import { Bell } from 'lucide-react'
import { useState } from 'react'
import { inDesktopApp } from '../../call.ts'
import { Button } from '../../ui/button.tsx'
import { GuardedIcon } from '../../ui/icons.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { notificationState } from './notify.ts'

/** Nothing to do, and that is well. */
export function NothingWaits({ count }: { count: number }) {
  const [permission, setPermission] = useState(notificationState)
  const ask = () => void Notification.requestPermission().then(setPermission)
  return (
    <EmptyState
      icon={<GuardedIcon size={28} />}
      title="Nothing waits for you"
      action={
        permission === 'default' &&
        !inDesktopApp() && (
          <Button icon={<Bell size={14} aria-hidden="true" />} onClick={ask}>
            Tell me when something does
          </Button>
        )
      }
    >
      <p>This page may stay open: what needs you appears here, and its count in the title.</p>
      {count > 0 && <p className="mt-2">You have answered {count === 1 ? 'one call' : `${count} calls`} here.</p>}
    </EmptyState>
  )
}
