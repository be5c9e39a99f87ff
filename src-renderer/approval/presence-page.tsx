import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { useCall } from '../use-call.ts'
import { Column } from './column.tsx'
import { Notice } from './notice.tsx'
import { ChoosePin } from './unlock/choose-pin.tsx'

/** The PIN is set, and can be changed. */
export function PresencePage() {
  const { value: presence, refresh } = useCall('presence.state', {}, ['presence'])
  const [changing, setChanging] = useState(false)
  const [changed, setChanged] = useState(false)
  const done = () => {
    setChanging(false)
    setChanged(true)
    refresh()
  }
  if (!presence) return null
  const { enrolled } = presence
  return (
    <Column
      title="PIN"
      lead={
        enrolled
          ? 'Your PIN is set. This page asks for it every 8 hours, a terminal for every command that needs a person.'
          : 'In this window you need no PIN. Terminals do: choose one to approve from there too.'
      }
    >
      {changed && <Notice tone="allowed">The new PIN counts from now on.</Notice>}
      {changing || !enrolled ? (
        <ChoosePin key={String(enrolled)} change={enrolled} onDone={done} />
      ) : (
        <div>
          <Button onClick={() => setChanging(true)}>Change the PIN</Button>
        </div>
      )}
    </Column>
  )
}
