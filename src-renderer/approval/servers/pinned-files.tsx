import type { ServerReview } from '../../../shared/server.ts'
import { ConsistsOf } from '../../show/consists-of.tsx'
import { Warnings } from './warnings.tsx'

/** The files and the package that an approval pins, and what of them is not as it was approved. */
export function PinnedFiles({ review: { identity, runs } }: { review: ServerReview }) {
  return (
    <section aria-label="What it consists of" className="flex flex-col gap-2">
      <h3>What it consists of</h3>
      <Warnings warnings={runs} />
      <ConsistsOf identity={identity} whole />
    </section>
  )
}
