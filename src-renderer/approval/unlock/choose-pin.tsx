import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { useDeed } from '../use-deed.ts'
import { PinField } from './pin-field.tsx'
import { sentenceOf } from './sentence-of.ts'

type ChoosePinProps = { change?: boolean; onDone?: () => void }

/** Choosing the first PIN, or with the present one another. */
export function ChoosePin({ change = false, onDone }: ChoosePinProps) {
  const { run, busy, failure, forget } = useDeed('presence.enroll')
  const [current, setCurrent] = useState('')
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const [differs, setDiffers] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setDiffers(pin !== again)
    if (pin !== again) return
    void run(change ? { pin, current } : { pin }).then((done) => done && onDone?.())
  }
  const ofCurrent = change && (failure?.code === 'PRESENCE_PIN_WRONG' || failure?.code === 'PRESENCE_LOCKED')
  const edit = (set: (value: string) => void) => (value: string) => {
    forget()
    setDiffers(false)
    set(value)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {change && (
        <PinField
          label="PIN you have now"
          value={current}
          onChange={edit(setCurrent)}
          error={ofCurrent && failure ? sentenceOf(failure) : null}
        />
      )}
      <PinField
        label={change ? 'New PIN' : 'PIN'}
        fresh
        focused={!change}
        value={pin}
        onChange={edit(setPin)}
        hint="6 digits that are no simple series, or a passphrase."
        error={failure && !ofCurrent ? sentenceOf(failure) : null}
      />
      <PinField
        label="The same again"
        fresh
        value={again}
        onChange={edit(setAgain)}
        error={differs ? 'The two are not the same: type both again.' : null}
      />
      <Button
        type="submit"
        look="primary"
        size="large"
        loading={busy}
        disabled={pin === '' || again === '' || (change && current === '')}
        icon={<KeyRound size={14} aria-hidden="true" />}
      >
        {change ? 'Change the PIN' : 'Choose this PIN'}
      </Button>
    </form>
  )
}
