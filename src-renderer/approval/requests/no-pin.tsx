import { Button } from '../../ui/button.tsx'
import { Notice } from '../notice.tsx'
import { proofLevel } from './use-answer.ts'

/** In the place of the PIN when there is none to ask for: why nothing of this level can be allowed, and the way to mend it. */
export function NoPin({ lost, go }: { lost: boolean; go: (to: string) => void }) {
  return (
    <Notice
      tone="asked"
      action={
        <Button size="small" onClick={() => go('/presence')}>
          {lost ? 'What to do' : 'Choose a PIN'}
        </Button>
      }
    >
      {lost
        ? 'The file of your PIN is gone: until it is back, this can only be denied.'
        : `From level ${proofLevel} on your PIN is asked for, and you have none yet: until then this can only be denied.`}
    </Notice>
  )
}
