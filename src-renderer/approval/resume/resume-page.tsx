import { useState } from 'react'
import type { StatusView } from '../../../shared/calls.ts'
import { haltedCalls } from '../../say/halt.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/states.tsx'
import { Column } from '../column.tsx'
import { HaltCard } from './halt-card.tsx'

/** Letting calls run again after a stop: each halt by itself. */
export function ResumePage({ status, go }: { status: StatusView | undefined; go: (to: string) => void }) {
  const [resumed, setResumed] = useState(false)
  if (!status) {
    return (
      <Column title="Resume">
        <Skeleton className="h-24 w-full" />
      </Column>
    )
  }
  const { halts } = status
  if (halts.length === 0) {
    return (
      <Column
        title={resumed ? 'Calls run again' : 'Nothing is stopped'}
        lead="The policy in force decides every call. To halt them all at once, or those of one server or client, use “Stop” in the app."
      >
        <div>
          <Button onClick={() => go('/')}>See what waits</Button>
        </div>
      </Column>
    )
  }
  return (
    <Column title={titleOf(status)} lead={leadOf(status)}>
      <ul className="flex flex-col gap-3">
        {halts.map((halt) => (
          <li key={`${halt.scope} ${halt.name}`}>
            <HaltCard halt={halt} first={halt === halts[0]} onResumed={() => setResumed(true)} />
          </li>
        ))}
      </ul>
      <p className="text-muted">
        You are asked because stopping is for anyone, and going on is not: whatever the reason was, it should be over.
        After that the policy decides again, call by call; nothing that was refused is made up for.
      </p>
    </Column>
  )
}

function titleOf({ halts, stopped }: StatusView): string {
  if (stopped) return 'Toolgate is stopped'
  const [only, ...others] = halts
  return only && others.length === 0 ? `Stopped: ${haltedCalls(only)}` : 'Some calls are stopped'
}

function leadOf({ stopped, sessions }: StatusView): string {
  const kept = 'It stays so across restarts.'
  if (!stopped) return `They are refused, and what waited of them was cancelled. ${kept}`
  const connected = sessions === 1 ? 'One client session is' : `${sessions} client sessions are`
  return `Every call is refused, for every client, and what waited was cancelled. ${connected} connected. ${kept}`
}
