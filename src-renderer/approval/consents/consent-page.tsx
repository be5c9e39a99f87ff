import { useState } from 'react'
import { consentLead, networkWords, warningWords } from '../../../shared/consent-words.ts'
import type { ConsentAnswer, ConsentView } from '../../../shared/consents.ts'
import { Button } from '../../ui/button.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { Column } from '../column.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'
import { ConsentBar } from './consent-bar.tsx'
import { ConsentFacts } from './consent-facts.tsx'
import { useConsent } from './use-consent.ts'

type ConsentPageProps = { id: string; go: (to: string) => void }
type Answered = { answer: ConsentAnswer; view: ConsentView }

/** One app that asks to be let in: who it says it is, what it could do, and the answer. */
export function ConsentPage({ id, go }: ConsentPageProps) {
  const [tenant, setTenant] = useState<string | null>(null)
  const shown = useConsent(id, tenant)
  const answer = useDeed('consents.answer')
  const [answered, setAnswered] = useState<Answered | null>(null)
  if (answered) return <Done {...answered} go={go} />
  const { given, gone, failure } = shown
  if (gone) {
    return (
      <Column title="This app no longer waits" lead="It was answered, or nobody did in time. Start again in the app.">
        <div>
          <Button onClick={() => go('/')}>Back to what waits</Button>
        </div>
      </Column>
    )
  }
  if (!given) {
    return (
      <Column title="An app asks to connect">
        {failure ? (
          <ErrorState
            compact
            title="What it asks for cannot be told"
            why={failure.message}
            hint={failure.hint}
            action={<Button onClick={shown.again}>Try again</Button>}
          />
        ) : (
          <Skeleton className="h-40 w-full" />
        )}
      </Column>
    )
  }
  const { view, ticket } = given
  const give = async (which: ConsentAnswer) => {
    const done = await answer.run({ id, answer: which, shown_hash: view.shown_hash, ticket, tenant: view.tenant })
    if (done) setAnswered({ answer: which, view })
    else shown.again()
  }
  const network = networkWords(view)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Column
        reads
        title={network === null ? 'An app asks to connect' : 'An app asks to connect over the network'}
        lead={consentLead}
      >
        <div className="flex items-center gap-3">
          <ClientMark name={view.app} claimed={view.document_host === null} />
          <p className="min-w-0 break-words text-large">
            <VisibleText text={view.app} />
          </p>
        </div>
        {network !== null && <FromNetwork words={network} code={view.code} />}
        <ConsentFacts view={view} onTenant={setTenant} />
        {warningWords(view).map((parts) => (
          <Notice key={parts[0]?.text} tone="asked">
            <Sentence parts={parts} entire />
          </Notice>
        ))}
        <FailureNote title="It cannot be shown as you chose" failure={failure} />
        <FailureNote title="Your answer did not arrive" failure={answer.failure} />
      </Column>
      <ConsentBar view={view} armed={shown.armed} armingMs={given.armed_in_ms} busy={answer.busy} onAnswer={give} />
    </div>
  )
}

/** Whoever asks sits elsewhere: their browser shows the same code, so a person can tell whose request it is. */
function FromNetwork({ words, code }: { words: string; code: string | null }) {
  return (
    <Notice tone="asked">
      <p>
        <b>Not from this machine.</b> {words}
      </p>
      <p className="mt-1 font-mono text-title tracking-widest">{code}</p>
    </Notice>
  )
}

/** What comes next: a yes alone lets an app call nothing. */
function Done({ answer, view, go }: Answered & Pick<ConsentPageProps, 'go'>) {
  const words = {
    deny: ['You said no', 'Nothing was given to it. The browser tells the app.'],
    once: ['It is let in for an hour', 'Then it has to ask again.'],
    always: ['It is let in until you revoke it', 'You find it under Clients.'],
  } as const
  const [title, lead] = words[answer]
  return (
    <Column title={title} lead={lead}>
      {answer !== 'deny' && view.policies.length === 0 && (
        <Notice tone="asked">
          <b>
            <VisibleText text={view.app} /> can call no tool yet.
          </b>{' '}
          Bind an access policy to it: in a file of access policies, under <code>bindings</code>, name{' '}
          <code className="break-all">{view.client}</code>
          {view.tenant !== null && (
            <>
              , with <code>tenant: {view.tenant}</code> for that alone
            </>
          )}
          .
        </Notice>
      )}
      <div>
        <Button look="primary" onClick={() => go(answer === 'deny' ? '/' : '/clients')}>
          {answer === 'deny' ? 'Back to what waits' : 'See the clients'}
        </Button>
      </div>
    </Column>
  )
}
