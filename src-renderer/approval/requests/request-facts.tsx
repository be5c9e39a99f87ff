import { Building2, Globe, MapPin, OctagonAlert, Route, ShieldCheck } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import type { Output } from '../../../shared/calls.ts'
import { boundWords } from '../../say/bounds.ts'
import { findingWords } from '../../say/risk-factor.ts'
import { shortPath } from '../../say/short-path.ts'
import { RiskFactors } from '../../show/risk-factors.tsx'
import { CodeLines } from '../../ui/code-block.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { waitingWords } from './shown-changes.ts'

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
      {view.waiting !== 1 && (
        <Line icon={<OctagonAlert size={14} />} name="Callers" look="text-asked-text">
          {view.waiting === 0
            ? 'The caller no longer waits. If you allow it, the same call runs once when it is made again within 10 minutes.'
            : `${waitingWords(view.waiting)}: your answer is for all of them.`}
        </Line>
      )}
      {details && <Details view={view} />}
    </div>
  )
}

type LineProps = { icon: ReactNode; name: string; look?: string; children: ReactNode }

function Line({ icon, name, look = 'text-muted', children }: LineProps) {
  return (
    <div className={`flex gap-2 ${look}`}>
      <span className="mt-[3px] shrink-0" aria-hidden="true">
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <span className="sr-only">{name}: </span>
        {children}
      </div>
    </div>
  )
}

const firstShown = 3
/** More texts, or longer ones, are too much to draw at once. */
const fewTexts = 20
const longestText = 400

function Listed({ texts, all, label }: { texts: readonly string[]; all: boolean; label: string }) {
  const shown = all ? texts : texts.slice(0, firstShown)
  if (shown.length > fewTexts || shown.some(({ length }) => length > longestText)) {
    return <CodeList label={label} texts={shown} more={texts.length - shown.length} />
  }
  return (
    <>
      {shown.map((text) => (
        <code key={text} className="block text-ink">
          <VisibleText text={text} />
        </code>
      ))}
      <More count={texts.length - shown.length} />
    </>
  )
}

function CodeList({ label, texts, more }: { label: string; texts: readonly string[]; more: number }) {
  const key = JSON.stringify(texts)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the texts, of which every showing has another list
  const lines = useMemo(() => texts.map((text) => ({ pieces: [{ text }] })), [key])
  return (
    <>
      <CodeLines label={label} copy={texts.join('\n')} lines={lines} whole />
      <More count={more} />
    </>
  )
}

function More({ count }: { count: number }) {
  return count > 0 && <span>and {count} more: see the details</span>
}

function Details({ view }: { view: ApprovalView }) {
  const { risk, rules, level, id, created_at, client } = view
  return (
    <div className="mt-1 flex flex-col gap-2 border-line border-t pt-2">
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
