import { Link, useLocation } from 'wouter'
import { places } from '../../places.ts'
import { Section } from '../../ui/card.tsx'
import { AccessList } from './access-list.tsx'
import { FileTabs } from './file-tabs.tsx'
import type { PolicyViewProps } from './page-props.ts'
import { Problems } from './problems.tsx'
import { RulesList } from './rules-list.tsx'
import { wherePolicyLooks } from './where.ts'

/** The policy in force, rule by rule, beside the files it comes from, and what is wrong with them. */
export function RulesView({ policy, files }: PolicyViewProps) {
  const [location] = useLocation()
  const where = wherePolicyLooks(location, policy, files)
  return (
    <>
      {policy.problems.length > 0 && <Problems problems={policy.problems} inForce={policy.snapshot !== null} />}
      <div className="grid grid-cols-1 items-start gap-6 @4xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          <Section title={`Rules in force (${policy.rules.length})`}>
            <RulesList rules={policy.rules} selected={where.rule?.id ?? null} />
          </Section>
          {policy.access.length > 0 && (
            <Section title="Which tools there are, for whom">
              <AccessList access={policy.access} />
            </Section>
          )}
        </div>
        <div className="@4xl:sticky @4xl:top-6">
          <Section
            title="Files"
            aside={
              where.file?.origin === 'local' && (
                <Link href={places.editFile(where.file.path)} className="text-accent-text hover:underline">
                  Edit it
                </Link>
              )
            }
          >
            <FileTabs files={files} problems={policy.problems} where={where} />
          </Section>
        </div>
      </div>
    </>
  )
}
