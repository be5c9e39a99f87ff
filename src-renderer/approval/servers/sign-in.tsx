import { KeyRound, LogOut } from 'lucide-react'
import { useState } from 'react'
import type { SignInView } from '../../../shared/sign-in.ts'
import { inDesktopApp } from '../../call.ts'
import { signInState } from '../../say/sign-in-state.ts'
import { SignInFacts } from '../../show/sign-in-facts.tsx'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Hint } from '../../ui/hint.tsx'
import { FailureNote } from '../failure-note.tsx'
import { Notice } from '../notice.tsx'
import { useDeed } from '../use-deed.ts'
import { OwnClient } from './own-client.tsx'

/** Signing in to a server in the person's own browser, and out again. */
export function SignIn({ name, view }: { name: string; view: SignInView }) {
  const into = useDeed('servers.sign_in')
  const out = useDeed('servers.sign_out')
  const [page, setPage] = useState<{ url: string; opened: boolean } | null>(null)
  const { tone, word, means } = signInState(view)
  const signIn = () => {
    setPage(null)
    // In a browser this page is where the person is: a link of it leads on in the same one.
    void into.run({ name, open: inDesktopApp() }).then(setPage)
  }
  const due = view.wanted && view.state !== 'waiting'
  return (
    <section aria-label="Sign-in" className="flex flex-col gap-3 border-line border-t pt-3">
      <p>
        <Chip tone={tone} word={word} /> <span className="ml-1">{means}.</span>
      </p>
      <SignInFacts view={view} />
      <FailureNote title={`The sign-in to ${name} could not begin`} failure={into.failure} />
      <FailureNote title="Not signed out" failure={out.failure} />
      {view.problem !== null && view.state !== 'waiting' && (
        <Notice tone="denied">
          <p role="alert">
            The last sign-in failed: <Hint text={view.problem} />.
          </p>
        </Notice>
      )}
      {view.state === 'waiting' && page && <Waiting page={page} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          look={due ? 'primary' : 'secondary'}
          loading={into.busy}
          icon={<KeyRound size={14} aria-hidden="true" />}
          onClick={signIn}
        >
          {view.state === 'waiting' ? 'Begin anew' : view.state === 'signed_in' ? 'Sign in again' : 'Sign in'}
        </Button>
        {view.state !== 'signed_out' && (
          <Button
            look="ghost"
            loading={out.busy}
            icon={<LogOut size={14} aria-hidden="true" />}
            onClick={() => void out.run({ name })}
          >
            {view.state === 'waiting' ? 'Stop waiting' : 'Sign out'}
          </Button>
        )}
      </div>
      <OwnClient name={name} />
    </section>
  )
}

/** The address to open, for when no browser came up by itself; in the desktop app it is only copied. */
function Waiting({ page: { url, opened } }: { page: { url: string; opened: boolean } }) {
  return (
    <Notice tone="asked">
      <div className="flex flex-col gap-2">
        <p role="status">
          {opened
            ? 'Go on in the browser that opened. If none did, open this address yourself:'
            : 'Open this address in your browser, and sign in there:'}
        </p>
        {!inDesktopApp() && (
          <a href={url} target="_blank" rel="noopener noreferrer" className="text-accent-text underline">
            Open the sign-in page of {new URL(url).host}
          </a>
        )}
        <CodeBlock label="sign-in address" text={url} whole />
      </div>
    </Notice>
  )
}
