import { useState } from 'react'
import type { Output } from '../../shared/calls.ts'
import { inDesktopApp } from '../call.ts'
import { Button } from '../ui/button.tsx'
import { useCall } from '../use-call.ts'
import { Column } from './column.tsx'
import { Notice } from './notice.tsx'
import { proofLevel } from './requests/use-answer.ts'
import { ChoosePin } from './unlock/choose-pin.tsx'
import { LostWords } from './unlock/lost-words.tsx'

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
  if (presence.lost) {
    return (
      <Column title="PIN">
        <Notice tone="denied">The file of your PIN is gone. Nothing can be proved with it until it is back.</Notice>
        <LostWords />
      </Column>
    )
  }
  const { enrolled } = presence
  return (
    <Column title="PIN" lead={leadOf(presence)}>
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

/** What the PIN is for: a browser asks for it to unlock the page, a window of the desktop app only for what is grave. */
function leadOf({ enrolled, proof }: Output<'presence.state'>): string {
  const grave = `for each call of level ${proofLevel} and above`
  const terminals = 'a terminal for every command that needs a person'
  const system = 'In this window your system asks whether it is you'
  if (!inDesktopApp()) return `Your PIN is set. This page asks for it every 8 hours and ${grave}, ${terminals}.`
  if (!enrolled && proof === 'platform')
    return `${system}. Terminals ask for a PIN: choose one to approve from there too.`
  if (!enrolled) return `You have none yet. This window asks for it ${grave}, ${terminals}.`
  if (proof === 'platform') return `Your PIN is set. ${system}; a terminal asks for the PIN.`
  return `Your PIN is set. This window asks for it ${grave}, ${terminals}.`
}
