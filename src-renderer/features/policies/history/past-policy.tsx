import { History } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { PolicyCommit, PolicyPast } from '../../../../shared/policy-tools.ts'
import { places } from '../../../places.ts'
import { asSentence } from '../../../say/as-sentence.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, Section } from '../../../ui/card.tsx'
import { CopyText } from '../../../ui/copy-text.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { Hint } from '../../../ui/hint.tsx'
import { exactTime } from '../../../ui/relative-time.ts'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { PolicyDifference } from '../policy-difference.tsx'
import { RollbackDialog } from './rollback-dialog.tsx'

/** `rules`: the same policy is in force now, since then or again. */
type PastPolicyProps = { past: PolicyPast; before: PolicyPast | null; rules: boolean }

/** One policy that was in force: its facts, what it changed over the one before it, and the way back to it. */
export function PastPolicy({ past, before, rules }: PastPolicyProps) {
  const [goingBack, setGoingBack] = useState(false)
  const { hash, in_force_at, author, reviewer, reason, commit } = past
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <Section
        title="Snapshot"
        aside={
          !rules && (
            <span className="flex items-center gap-4">
              <Link href={`${places.replay}?policy=${hash}`} className="text-accent-text hover:underline">
                Replay calls under it
              </Link>
              <Button size="small" icon={<History size={13} aria-hidden="true" />} onClick={() => setGoingBack(true)}>
                Roll back to it
              </Button>
            </span>
          )
        }
      >
        <Card className="px-3 py-2">
          <Facts
            facts={[
              ['Hash', <CopyText key="hash" text={hash} />],
              ['In force from', exactTime(Date.parse(in_force_at))],
              ['Author', <VisibleText key="author" text={author} />],
              ['Reviewer', reviewer === null ? 'none: it loosened nothing' : <VisibleText key="by" text={reviewer} />],
              ['Reason', <Hint key="reason" text={asSentence(reason)} />],
              ...(commit ? [['Commit', <Commit key="commit" commit={commit} />] as const] : []),
            ]}
          />
        </Card>
      </Section>
      <Section title={before ? 'What it changed' : 'What it began with'}>
        {before ? (
          <PolicyDifference from={{ hash: before.hash }} to={{ hash }} past />
        ) : (
          <p className="text-muted">It is the first policy on record, so there is none to compare it with.</p>
        )}
      </Section>
      {goingBack && <RollbackDialog past={past} onClose={() => setGoingBack(false)} />}
    </div>
  )
}

function Commit({ commit: { id, author, reviewers, pull_request, subject, dirty } }: { commit: PolicyCommit }) {
  return (
    <span>
      <CopyText text={id} /> <VisibleText text={subject} />
      <span className="block text-muted">
        by <VisibleText text={author} />
        {reviewers.length > 0 && (
          <>
            , reviewed by <VisibleText text={reviewers.join(', ')} />
          </>
        )}
        {pull_request !== null && (
          <>
            , pull request <VisibleText text={pull_request} />
          </>
        )}
        {dirty && '; the files differed from the commit'}
      </span>
    </span>
  )
}
