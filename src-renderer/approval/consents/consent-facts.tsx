import { Building2, Fingerprint, KeyRound, MessageSquareQuote, Send, Wrench } from 'lucide-react'
import {
  purposeWords,
  reachWords,
  redirectWords,
  rightsWords,
  tenantReach,
  whoWords,
} from '../../../shared/consent-words.ts'
import type { ConsentView } from '../../../shared/consents.ts'
import { ActionBadge } from '../../show/action-badge.tsx'
import { TenantChoice } from '../../show/tenant-choice.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FactLine } from '../requests/fact-line.tsx'

/** Who the app says it is, what it wants, and what a yes would give it. */
export function ConsentFacts({ view, onTenant }: { view: ConsentView; onTenant: (tenant: string | null) => void }) {
  const rights = rightsWords(view)
  return (
    <div className="flex flex-col gap-2">
      <FactLine icon={<Fingerprint size={14} />} name="Who says so">
        <Sentence parts={whoWords(view)} entire />
      </FactLine>
      <FactLine icon={<MessageSquareQuote size={14} />} name="Purpose">
        <Sentence parts={purposeWords(view)} entire />
      </FactLine>
      <FactLine icon={<Send size={14} />} name="Answer goes to">
        {redirectWords(view)}
        <span className="block break-all font-mono text-code text-faint">
          <VisibleText text={view.redirect.uri} />
        </span>
      </FactLine>
      <WorksFor view={view} onTenant={onTenant} />
      <FactLine icon={<Wrench size={14} />} name="Tools" look={view.policies.length === 0 ? 'text-muted' : 'text-ink'}>
        {reachWords(view)}
        {view.tools.length > 0 && <Tools tools={view.tools} />}
      </FactLine>
      {rights && (
        <FactLine icon={<KeyRound size={14} />} name="Rights">
          <Sentence parts={rights} entire />
        </FactLine>
      )}
    </div>
  )
}

/** For whom it would work. Only an app that asks for nobody leaves that to the person. */
function WorksFor({ view: { tenant, tenants }, onTenant }: Parameters<typeof ConsentFacts>[0]) {
  const reach = tenantReach({ tenant, tenants })
  if (reach === null) return null
  return (
    <FactLine icon={<Building2 size={14} />} name="Works for" look="text-ink">
      {tenants.length > 0 ? (
        <TenantChoice label="It would work for" {...{ tenant, tenants }} onChoose={onTenant} />
      ) : (
        <>
          It asks to work for <b>{tenant}</b>
        </>
      )}
      <span className="block text-muted">{reach}</span>
    </FactLine>
  )
}

function Tools({ tools }: Pick<ConsentView, 'tools'>) {
  const servers = [...new Set(tools.map(({ server }) => server))]
  return (
    <ul className="mt-1 flex flex-col gap-1">
      {servers.map((server) => (
        <li key={server} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <b className="text-ink">{server}</b>
          {tools
            .filter((each) => each.server === server)
            .map(({ action, count }) => (
              <span key={action} className="inline-flex items-center gap-1.5">
                <ActionBadge action={action} plain /> {count}
              </span>
            ))}
        </li>
      ))}
    </ul>
  )
}
