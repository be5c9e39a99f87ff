import { clsx } from 'clsx'
import { Check, ChevronDown } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import type { CallRow } from '../../../shared/activity.ts'
import type { StatusView } from '../../../shared/calls.ts'
import { ClientSetup } from '../../parts/client-setup.tsx'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { Card } from '../../ui/card.tsx'
import { FirstCall } from './first-call.tsx'
import { FirstServer } from './first-server.tsx'
import type { StepName } from './first-steps.ts'
import { FoundClients } from './found-clients.tsx'
import { ObserveFirst } from './observe-first.tsx'
import type { Progress } from './use-first-steps.ts'

const words: Record<StepName, { title: string; done: string; why: string }> = {
  pin: {
    title: 'Choose a PIN',
    done: 'You chose a PIN',
    why: 'With it you approve servers and calls, and no AI client or tool can do so in your place.',
  },
  found: {
    title: 'Lead your AI clients through Toolgate',
    done: 'A client is connected',
    why: 'These are on this machine. Their servers then start through Toolgate, and only through it.',
  },
  server: {
    title: 'Add a server and review its tools',
    done: 'A server is approved',
    why: 'Servers give tools to your AI clients. Only tools that you have reviewed can be called.',
  },
  client: {
    title: 'Connect a client',
    done: 'A client is connected',
    why: 'Cursor, Claude or another client then reaches the server through Toolgate, and only through it.',
  },
  observe: {
    title: 'Watch first, or rule at once',
    done: 'You chose how to begin',
    why: 'Rules that do not fit yet stop work. Observe mode shows what they would do before they do it.',
  },
  call: {
    title: 'Make a call',
    done: 'Calls are decided',
    why: 'You see it here with the decision and the rule behind it.',
  },
}

type FirstRunProps = { progress: Progress; status: StatusView; calls: readonly CallRow[] }

/** The way to a first governed call: what is done is ticked, the next step is open, each says why. */
export function FirstRun({ progress: { done, next, found, skip }, status, calls }: FirstRunProps) {
  const [chosen, setChosen] = useState<StepName | null>(null)
  // A step that was opened by hand and is done meanwhile gives way to the next one.
  const open = chosen !== null && done.get(chosen) === false ? chosen : next
  const contents: Record<StepName, ReactNode> = {
    pin: <ChoosePin />,
    found: <FoundClients found={found} />,
    server: <FirstServer servers={status.servers} />,
    client: <ClientSetup status={status} primary />,
    observe: <ObserveFirst onSkip={skip} />,
    call: <FirstCall calls={calls} servers={status.servers} />,
  }
  return (
    <Card>
      <ol aria-label="First steps" className="divide-y divide-line">
        {[...done].map(([name, isDone], at) => (
          <Step
            key={name}
            number={at + 1}
            name={name}
            done={isDone}
            open={name === open || (name === 'call' && isDone)}
            onOpen={() => setChosen(name)}
          >
            {contents[name]}
          </Step>
        ))}
      </ol>
    </Card>
  )
}

type StepProps = {
  number: number
  name: StepName
  done: boolean
  open: boolean
  onOpen: () => void
  children: ReactNode
}

function Step({ number, name, done, open, onOpen, children }: StepProps) {
  const id = useId()
  const { title, done: past, why } = words[name]
  const heading = (
    <span className="flex items-center gap-3">
      <Mark number={number} done={done} open={open} />
      <span className={clsx('font-strong', !open && !done && 'text-muted')}>{done ? past : title}</span>
    </span>
  )
  return (
    <li aria-current={open && !done ? 'step' : undefined} className="px-4">
      <h3 className="flex min-h-12 items-center">
        {done || open ? (
          heading
        ) : (
          <button
            type="button"
            aria-expanded={false}
            aria-controls={id}
            onClick={onOpen}
            className="flex min-h-12 flex-1 items-center justify-between text-left hover:text-accent-text"
          >
            {heading}
            <ChevronDown size={16} className="text-faint" aria-hidden="true" />
          </button>
        )}
      </h3>
      <div id={id}>
        {open && (
          <div className="pb-5 pl-9">
            {!done && <p className="-mt-2 mb-3 text-muted">{why}</p>}
            {children}
          </div>
        )}
      </div>
    </li>
  )
}

function Mark({ number, done, open }: { number: number; done: boolean; open: boolean }) {
  return (
    <span
      className={clsx(
        'grid size-6 shrink-0 place-items-center rounded-full border font-strong text-small',
        done
          ? 'border-allowed-line bg-allowed-fill text-allowed-text'
          : open
            ? 'border-transparent bg-accent text-on-solid'
            : 'border-line-strong text-muted',
      )}
    >
      {done ? <Check size={14} aria-label="done" /> : number}
    </span>
  )
}

function ChoosePin() {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <OpenApprovalsButton at="/" look="primary">
        Choose a PIN
      </OpenApprovalsButton>
      <span className="text-muted">Opens the approval window, the only place where you are asked for it.</span>
    </div>
  )
}
