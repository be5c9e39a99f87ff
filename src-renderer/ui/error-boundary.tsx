import { Component, type ReactNode } from 'react'

/** `instead`: what stands in the place of a part that failed; `again` draws it anew. */
type Props = { children: ReactNode; instead: (why: string, again: () => void) => ReactNode }
type State = { failed: string | null }

/** Catches what a part of the page throws while it is drawn, so that the rest stays. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: null }

  static getDerivedStateFromError(error: unknown): State {
    return { failed: error instanceof Error ? error.message : String(error) }
  }

  override render(): ReactNode {
    const { failed } = this.state
    return failed === null ? this.props.children : this.props.instead(failed, () => this.setState({ failed: null }))
  }
}
