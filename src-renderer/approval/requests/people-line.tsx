import { Users } from 'lucide-react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { peopleSentence } from '../../../shared/people-words.ts'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FactLine } from './fact-line.tsx'

/** Who must answer a request, and who did, where one answer of whoever is here is not enough. */
export function PeopleLine({ people }: { people: ApprovalView['people'] }) {
  if (!people) return null
  return (
    <FactLine icon={<Users size={14} />} name="Answers" look="text-asked-text">
      <VisibleText text={peopleSentence(people)} />
    </FactLine>
  )
}
