import { printable } from '../../../shared/printable.ts'
import { plainSentence, requestSentence } from '../../say/request-sentence.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'
import type { QueueAction, QueueState } from './queue-state.ts'

type StripProps = { failed: QueueState['failed']; home: string | null; dispatch: (action: QueueAction) => void }

/** An answer that did not count although the person had gone on: it stays until they have seen so. */
export function FailedStrip({ failed, home, dispatch }: StripProps) {
  if (!failed) return null
  const { view, answer, message, hint } = failed
  const seen = () => dispatch({ type: 'failure-seen' })
  const show = () => {
    seen()
    dispatch({ type: 'selected', id: view.id })
  }
  return (
    <section aria-label="An answer that failed" className="shrink-0 border-line border-b px-4 py-2">
      <ErrorState
        compact
        title={`You did not ${answer === 'approve' ? 'allow' : 'deny'} this: ${printable(plainSentence(requestSentence(view, home)))}`}
        why={message}
        hint={hint}
        action={
          <>
            <Button size="small" onClick={show}>
              Show it
            </Button>
            <Button size="small" look="ghost" onClick={seen}>
              Close
            </Button>
          </>
        }
      />
    </section>
  )
}
