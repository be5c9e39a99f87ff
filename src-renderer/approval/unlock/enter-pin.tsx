import { LockOpen } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { timeLeftWords } from '../../say/time-left.ts'
import { Button } from '../../ui/button.tsx'
import { useDeed } from '../use-deed.ts'
import { lockWaitMs } from './lock-wait.ts'
import { PinField } from './pin-field.tsx'
import { sentenceOf } from './sentence-of.ts'
import { WhoField } from './who-field.tsx'

type EnterPinProps = { people?: readonly { id: string; name: string }[] }

/** Typing the PIN that was chosen, of one of several people where there are; while it is locked, the time that is left. */
export function EnterPin({ people = [] }: EnterPinProps) {
  const { run, busy, failure, forget } = useDeed('presence.prove')
  const [pin, setPin] = useState('')
  const [who, setWho] = useState(people[0]?.id ?? '')
  const field = useRef<HTMLInputElement>(null)
  const wait = useCountdown(failure ? lockWaitMs(failure.message) : 0, failure)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (pin === '' || wait > 0) return
    void run(who === '' ? { pin } : { pin, person: who }).then(() => {
      setPin('')
      field.current?.focus()
    })
  }
  const words = wait > 0 ? `Locked after too many wrong PINs: ${timeLeftWords(wait)}.` : null
  const unlocked = failure && lockWaitMs(failure.message) > 0 ? null : failure
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {people.length > 1 && (
        <WhoField
          people={people}
          value={who}
          onChange={(id) => {
            forget()
            setWho(id)
          }}
        />
      )}
      <PinField
        ref={field}
        label="PIN"
        focused
        value={pin}
        onChange={setPin}
        error={words ?? (unlocked ? sentenceOf(unlocked) : null)}
      />
      <Button
        type="submit"
        look="primary"
        size="large"
        loading={busy}
        disabled={pin === '' || wait > 0}
        icon={<LockOpen size={14} aria-hidden="true" />}
      >
        Unlock
      </Button>
    </form>
  )
}

/** Milliseconds left of `ms`, counted from when `since` last changed. */
function useCountdown(ms: number, since: unknown): number {
  const [left, setLeft] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a second refusal of the same length starts anew
  useEffect(() => {
    const until = performance.now() + ms
    const look = () => setLeft(Math.max(0, until - performance.now()))
    look()
    if (ms <= 0) return
    const timer = setInterval(look, 500)
    return () => clearInterval(timer)
  }, [ms, since])
  return left
}
