import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/states.tsx'

type Props = { children: ReactNode }
type State = { failed: string | null }

/** Catches what a part of the page throws while it is drawn, and says so instead of leaving nothing. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: null }

  static getDerivedStateFromError(error: unknown): State {
    return { failed: error instanceof Error ? error.message : String(error) }
  }

  override render(): ReactNode {
    const { failed } = this.state
    if (failed === null) return this.props.children
    return (
      <div className="p-4">
        <ErrorState
          title="This page failed"
          why={failed}
          hint="Your gateway is not affected: it goes on deciding calls. Reload the page."
          action={<Button onClick={() => window.location.reload()}>Reload</Button>}
        />
      </div>
    )
  }
}
