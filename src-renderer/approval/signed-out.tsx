import { inDesktopApp } from '../call.ts'
import { Hint } from '../ui/hint.tsx'
import { Mark } from '../ui/icons.tsx'

/** The page holds nothing: why, and how it is opened. */
export function SignedOut({ why, hint }: { why: string; hint: string }) {
  return (
    <main className="grid h-dvh place-items-center overflow-y-auto bg-surface p-6">
      <div className="max-w-100">
        <Mark size={32} className="text-accent" />
        {inDesktopApp() ? (
          <h1 className="mt-4 text-title">This window was cut off</h1>
        ) : (
          <>
            <h1 className="mt-4 text-title">Open this page from Toolgate</h1>
            <p className="mt-2 text-muted">
              Answers are given only in a page that Toolgate opened itself. Close this one, and choose “Answer” in the
              app.
            </p>
          </>
        )}
        <p className="mt-4 text-faint">
          Why this is shown: <Hint text={why} />; <Hint text={hint} />.
        </p>
      </div>
    </main>
  )
}
