import { Hint } from '../ui/hint.tsx'
import { AskedIcon } from '../ui/icons.tsx'
import { OpenApprovalsButton } from './open-approvals-button.tsx'

/** Changes shown before the rest is counted; all of them are at the approval page. */
const firstChanges = 5

/** A change of the files that would allow more, and so waits for a person. `brief`: the changes are told elsewhere. */
export function PolicyWaits({ changes, brief }: { changes: readonly string[]; brief: boolean }) {
  const more = changes.length - firstChanges
  return (
    <section
      aria-label="Waiting policy"
      className="flex items-start gap-3 rounded-md border border-asked-line bg-asked-fill p-3"
    >
      <AskedIcon className="mt-0.5 shrink-0 text-asked-text" />
      <div className="min-w-0 flex-1">
        <p className="font-strong text-asked-text">A looser policy waits for you</p>
        <p>The files would allow more than what is in force. Until you confirm it, the policy in force decides.</p>
        {!brief && (
          <ul className="mt-1 list-disc pl-5">
            {changes.slice(0, firstChanges).map((change) => (
              <li key={change}>
                <Hint text={change} />
              </li>
            ))}
            {more > 0 && <li>and {more} more</li>}
          </ul>
        )}
      </div>
      <OpenApprovalsButton at="/policy">Compare</OpenApprovalsButton>
    </section>
  )
}
