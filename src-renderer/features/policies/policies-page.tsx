import type { ComponentType } from 'react'
import { useLocation } from 'wouter'
import { useDraft } from '../../parts/policy-draft.ts'
import { PolicyWaits } from '../../parts/policy-waits.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { EditView } from './edit/edit-view.tsx'
import { HistoryView } from './history/history-view.tsx'
import type { PolicyViewProps } from './page-props.ts'
import { PolicyHeader } from './policy-header.tsx'
import { PolicyNav, type PolicyViewId, viewAt } from './policy-nav.tsx'
import { ReplayView } from './replay/replay-view.tsx'
import { RulesView } from './rules-view.tsx'
import { SuggestionsView } from './suggestions/suggestions-view.tsx'
import { TryView } from './try/try-view.tsx'

/** Policy: what is in force, and what changing it takes: an editor, calls tried and replayed, suggestions, history. */
export function PoliciesPage() {
  const policy = useCall('policy.show', {}, ['policy'])
  const files = useCall('policy.files', {}, ['policy'])
  const error = policy.error ?? files.error
  if (policy.value && files.value) return <Content policy={policy.value} files={files.value} />
  if (!error) return <Loading />
  const refresh = () => {
    policy.refresh()
    files.refresh()
  }
  return (
    <ErrorState
      title="The policy cannot be shown"
      why={error.message}
      hint={error.hint}
      action={<Button onClick={refresh}>Try again</Button>}
    />
  )
}

const views: Record<PolicyViewId, ComponentType<PolicyViewProps>> = {
  rules: RulesView,
  edit: EditView,
  try: TryView,
  replay: ReplayView,
  suggestions: SuggestionsView,
  history: HistoryView,
}

function Content({ policy, files }: PolicyViewProps) {
  const [location] = useLocation()
  const drafted = useDraft().length
  const view = viewAt(location)
  const View = views[view]
  return (
    <div className="@container flex min-w-0 flex-col gap-4 p-6">
      <PolicyHeader policy={policy} />
      <PolicyNav current={view} drafted={drafted} />
      {policy.waiting && <PolicyWaits changes={policy.waiting.changes} brief={view !== 'rules'} />}
      <View policy={policy} files={files} />
    </div>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-5 p-6" aria-busy="true">
      <Skeleton className="h-12 w-96" />
      <div className="grid grid-cols-2 gap-6">
        <Skeleton className="h-96 w-full" />
        <Skeleton className="h-96 w-full" />
      </div>
    </div>
  )
}
