import { Component, type ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'

type Props = { children: ReactNode }
type State = { failed: string | null }

/** Catches what a request throws while it is drawn: the others stay reachable, and what cannot be seen cannot be allowed. */
export class RequestBoundary extends Component<Props, State> {
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
          compact
          title="This request cannot be shown"
          why={`The page failed: ${failed}`}
          hint="It runs nothing: left alone it is denied when its time is over, or you deny it with `toolgate approvals`."
          action={<Button onClick={() => this.setState({ failed: null })}>Try again</Button>}
        />
      </div>
    )
  }
}
