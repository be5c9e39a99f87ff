import { useState } from 'react'
import type { Output } from '../../shared/calls.ts'
import { type CallFailure, call } from '../call.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { ErrorState } from '../ui/states.tsx'
import { asFailure } from '../use-call.ts'

/** Verifies the whole record with the separate verifier, and says what it found. */
export function VerifyRecord({ words = 'Verify now' }: { words?: string }) {
  const [busy, setBusy] = useState(false)
  const [found, setFound] = useState<Output<'audit.verify'> | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const verify = () => {
    setBusy(true)
    setFailure(null)
    call('audit.verify', {})
      .then(setFound, (error: unknown) => setFailure(asFailure(error)))
      .finally(() => setBusy(false))
  }
  return (
    <div className="mt-3 flex flex-col items-start gap-2" aria-live="polite">
      {found && <Found check={found} />}
      {failure && <ErrorState compact title="Not verified" why={failure.message} hint={failure.hint} />}
      <Button onClick={verify} loading={busy}>
        {words}
      </Button>
    </div>
  )
}

function Found({ check }: { check: Output<'audit.verify'> }) {
  const [first] = check.problems
  return (
    <div className="flex flex-col gap-1">
      <p>
        <Chip tone={check.ok ? 'allowed' : 'denied'} word={check.ok ? 'Verified' : 'Broken'} />
      </p>
      <p>
        {check.ok
          ? `${count(check.entries, 'entry', 'entries')} and ${count(check.checkpoints, 'signed checkpoint', 'signed checkpoints')} fit together.`
          : `From record ${check.first_bad ?? first?.seq}: ${first?.message ?? 'it cannot be trusted'}.`}
      </p>
      {check.unchecked.map((what) => (
        <p key={what} className="text-muted">
          Not checked: {what}.
        </p>
      ))}
    </div>
  )
}

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}
