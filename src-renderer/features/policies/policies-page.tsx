import { useLocation } from 'wouter'
import type { Output } from '../../../shared/calls.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { ErrorState, Skeleton } from '../../ui/states.tsx'
import { useCall } from '../../use-call.ts'
import { FileTabs } from './file-tabs.tsx'
import { PolicyHeader } from './policy-header.tsx'
import { Problems } from './problems.tsx'
import { RulesList } from './rules-list.tsx'
import { Waiting } from './waiting.tsx'
import { wherePolicyLooks } from './where.ts'

/** The policy in force, rule by rule, beside the files it comes from; what is wrong with them, and what waits. */
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

type ContentProps = { policy: Output<'policy.show'>; files: Output<'policy.files'> }

function Content({ policy, files }: ContentProps) {
  const [location] = useLocation()
  const where = wherePolicyLooks(location, policy, files)
  return (
    <div className="@container flex min-w-0 flex-col gap-5 p-6">
      <PolicyHeader policy={policy} />
      {policy.waiting && <Waiting changes={policy.waiting.changes} />}
      {policy.problems.length > 0 && <Problems problems={policy.problems} inForce={policy.snapshot !== null} />}
      <div className="grid grid-cols-1 items-start gap-6 @4xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Section title={`Rules in force (${policy.rules.length})`}>
          <RulesList rules={policy.rules} selected={where.rule?.id ?? null} />
        </Section>
        <div className="@4xl:sticky @4xl:top-6">
          <Section title="Files">
            <FileTabs files={files} problems={policy.problems} where={where} />
          </Section>
        </div>
      </div>
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
