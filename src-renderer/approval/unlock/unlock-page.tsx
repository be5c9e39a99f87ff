import { Lock, ShieldQuestion } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Output } from '../../../shared/calls.ts'
import { useCall } from '../../use-call.ts'
import { Notice } from '../notice.tsx'
import { waitingCount } from '../waiting-count.ts'
import { ChoosePin } from './choose-pin.tsx'
import { EnterPin } from './enter-pin.tsx'
import { LostWords } from './lost-words.tsx'

/** What stands before everything else: a person proves to be here. */
export function UnlockPage({ presence }: { presence: Output<'presence.state'> }) {
  const { value: waiting = [] } = useCall('approvals.list', {}, ['approvals'])
  const count = waiting.length > 0 && (
    <p className="text-asked-text">{waitingCount(waiting.length)} for you behind this.</p>
  )
  if (presence.lost) return <Lost />
  if (presence.enrolled || presence.people) {
    return (
      <Box icon={<Lock size={20} aria-hidden="true" />} title="Enter your PIN">
        <p className="text-muted">It proves that a person is here. It holds for this page, for 8 hours.</p>
        {count}
        <EnterPin people={presence.people ?? []} />
      </Box>
    )
  }
  return (
    <Box icon={<Lock size={20} aria-hidden="true" />} title="Choose a PIN">
      <p className="text-muted">
        With it you prove that a person is here: no AI client and none of its tools can approve a call or a server in
        your place.
      </p>
      {count}
      <ChoosePin />
    </Box>
  )
}

function Lost() {
  return (
    <Box icon={<ShieldQuestion size={20} aria-hidden="true" />} title="The file of your PIN is gone">
      <Notice tone="denied">Nobody can approve anything until it is back.</Notice>
      <LostWords />
    </Box>
  )
}

function Box({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center overflow-y-auto px-6 py-10">
      <div className="flex w-full max-w-80 flex-col gap-3">
        <span className="text-faint">{icon}</span>
        <h2 className="text-large">{title}</h2>
        {children}
      </div>
    </div>
  )
}
