import { KeyRound } from 'lucide-react'
import type { SignInView } from '../../../shared/sign-in.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { places } from '../../places.ts'
import { signInState } from '../../say/sign-in-state.ts'
import { SignInFacts } from '../../show/sign-in-facts.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'

/** How a server stands with its sign-in; signing in itself happens where a person proves to be there. */
export function SignInSection({ name, view }: { name: string; view: SignInView }) {
  const { tone, word, means } = signInState(view)
  const due = view.wanted && view.state !== 'waiting'
  return (
    <Section title="Sign-in">
      <Card className="flex flex-col gap-3 p-4">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <p>
            <Chip tone={tone} word={word} /> <span className="ml-1">{means}.</span>
          </p>
          <OpenApprovalsButton
            at={places.server(name)}
            look={due ? 'primary' : 'secondary'}
            icon={<KeyRound size={14} aria-hidden="true" />}
          >
            {view.state === 'signed_in' ? 'Sign in again or out' : 'Sign in'}
          </OpenApprovalsButton>
        </div>
        <SignInFacts view={view} />
        {view.problem !== null && <p className="text-denied-text">The last sign-in failed: {view.problem}.</p>}
      </Card>
    </Section>
  )
}
