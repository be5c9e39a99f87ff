import { inDesktopApp } from '../call.ts'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-text.tsx'
import { Hint } from '../ui/hint.tsx'
import { Mark } from '../ui/icons.tsx'
import { Toasts } from '../ui/toast.tsx'

const command = 'toolgate open'

/** The page holds nothing: why, and the command that opens it again. */
export function SignedOut({ why, hint }: { why: string; hint: string }) {
  return (
    <main className="grid h-full place-items-center p-4">
      <Card className="w-110 p-6">
        <Mark size={32} className="text-accent" />
        {inDesktopApp() ? <h1 className="mt-4 text-title">This window was cut off</h1> : <OpenAnew />}
        <p className="mt-4 text-faint">
          Why this is shown: <Hint text={why} />; <Hint text={hint} />.
        </p>
      </Card>
      <Toasts />
    </main>
  )
}

function OpenAnew() {
  return (
    <>
      <h1 className="mt-4 text-title">Open Toolgate from your terminal</h1>
      <p className="mt-2 text-muted">
        Each sign-in link works once, so that nobody else on this machine can use this page. Run this, and a new one
        opens:
      </p>
      <div className="mt-4 flex h-10 items-center justify-between rounded-md border border-line bg-sunken pr-1 pl-3">
        <code>{command}</code>
        <CopyButton text={command} />
      </div>
    </>
  )
}
