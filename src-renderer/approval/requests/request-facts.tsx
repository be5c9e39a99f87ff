import { Building2, Globe, MapPin, OctagonAlert, Route, Send, ShieldCheck } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import type { Output } from '../../../shared/calls.ts'
import { boundWords } from '../../say/bounds.ts'
import { findingWords } from '../../say/risk-factor.ts'
import { shortPath } from '../../say/short-path.ts'
import { RiskFactors } from '../../show/risk-factors.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { CallerLine } from './caller-line.tsx'
import { DefinitionLine } from './definition-line.tsx'
import { FactLine as Line } from './fact-line.tsx'
import { ListedTexts as Listed } from './listed-texts.tsx'
import { PeopleLine } from './people-line.tsx'

type FactsProps = { view: ApprovalView; rules: Output<'policy.show'>['rules']; home: string | null; details: boolean }

/** What it touches, what was found in it, why a person is asked, and how it will run. */
export function RequestFacts({ view, rules, home, details }: FactsProps) {
  const hosts = view.resources.filter((resource) => resource.includes('://'))
  const paths = view.resources.filter((resource) => !resource.includes('://'))
  const bounds = boundWords(view.constraints)
  const organisation = view.rules.some((rule) =>
    rules.some((it) => it.origin === 'org' && rule.startsWith(`${it.id} (`)),
  )
  return (
    <div className="flex flex-col gap-1.5">
      {view.findings.length > 0 && (
        <Line icon={<OctagonAlert size={14} />} name="Found" look="text-denied-text">
          In the arguments: <b>{view.findings.map(findingWords).join(', ')}</b>
        </Line>
      )}
      <DefinitionLine definition={view.definition} />
      {view.goes_to.length > 0 && (
        <Line icon={<Send size={14} />} name="Data goes to">
          Data can go to <b className="text-ink">{listedHosts(view.goes_to, details)}</b>
        </Line>
      )}
      {hosts.length > 0 && (
        <Line icon={<Globe size={14} />} name="Reaches">
          <Listed label="what it reaches" texts={hosts} all={details} />
        </Line>
      )}
      {paths.length > 0 && (
        <Line icon={<MapPin size={14} />} name="Touches">
          <Listed label="what it touches" texts={paths.map((path) => shortPath(path, home))} all={details} />
        </Line>
      )}
      <Line icon={<Route size={14} />} name="Asked because">
        {organisation && (
          <span className="mr-1 inline-flex items-center gap-1 font-strong">
            <Building2 size={12} aria-hidden="true" />
            your organisation’s rule:
          </span>
        )}
        <Hint text={view.why} />
      </Line>
      {bounds.length > 0 && (
        <Line icon={<ShieldCheck size={14} />} name="If allowed">
          It <VisibleText text={bounds.join(', ')} />.
        </Line>
      )}
      <PeopleLine people={view.people} />
      <CallerLine view={view} />
      {details && <Details view={view} />}
    </div>
  )
}

const fewHosts = 3

function listedHosts(hosts: readonly string[], all: boolean) {
  const shown = all ? hosts : hosts.slice(0, fewHosts)
  const more = hosts.length - shown.length
  return (
    <>
      <VisibleText text={shown.join(', ')} />
      {more > 0 && ` and ${more} more`}
    </>
  )
}

function Details({ view }: { view: ApprovalView }) {
  const all = useRef<HTMLDivElement>(null)
  // They open below what is in sight: without this a key would seem to do nothing.
  useEffect(() => {
    all.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const { risk, rules, level, id, created_at, client } = view
  return (
    <div ref={all} className="mt-1 flex flex-col gap-2 border-line border-t pt-2">
      <RiskFactors risk={risk} sum />
      <Facts
        facts={[
          ['Rules', <Listed key="rules" label="rules" texts={rules.length > 0 ? rules : ['none by name']} all />],
          ['Level', `${level} of 5`],
          ['Asked at', new Date(created_at).toLocaleTimeString()],
          ['Client', <CopyText key="client" text={client.id} />],
          ['Request', <CopyText key="request" text={id} />],
        ]}
      />
    </div>
  )
}
