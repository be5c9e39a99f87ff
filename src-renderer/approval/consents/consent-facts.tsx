import { Building2, Fingerprint, KeyRound, MessageSquareQuote, Send, Wrench } from 'lucide-react'
import type { ConsentView } from '../../../shared/consents.ts'
import { reachWords, redirectWords } from '../../say/consent.ts'
import { ActionBadge } from '../../show/action-badge.tsx'
import { TenantChoice } from '../../show/tenant-choice.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { FactLine } from '../requests/fact-line.tsx'

/** Who the app says it is, what it wants, and what a yes would give it. */
export function ConsentFacts({ view, onTenant }: { view: ConsentView; onTenant: (tenant: string | null) => void }) {
  return (
    <div className="flex flex-col gap-2">
      <FactLine icon={<Fingerprint size={14} />} name="Who says so">
        {view.document_host === null ? (
          'It registered itself under this name'
        ) : (
          <>
            Named by a document that <b className="text-ink">{view.document_host}</b> publishes
          </>
        )}
        {view.website !== null && (
          <>
            {view.document_host === null ? ', and names ' : '; it names '}
            <VisibleText text={view.website} /> as its website
          </>
        )}
      </FactLine>
      <FactLine icon={<MessageSquareQuote size={14} />} name="Purpose">
        {view.purpose === null ? (
          'It does not say what for'
        ) : (
          <>
            It says what for: “
            <VisibleText text={view.purpose} />”
          </>
        )}
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
      {view.scopes.length > 0 && (
        <FactLine icon={<KeyRound size={14} />} name="Rights">
          It also asks for the rights that some tools need: <b className="text-ink">{view.scopes.join(', ')}</b>
        </FactLine>
      )}
    </div>
  )
}

/** For whom it would work. Only an app that asks for nobody leaves that to the person. */
function WorksFor({ view: { tenant, tenants }, onTenant }: Parameters<typeof ConsentFacts>[0]) {
  if (tenant === null && tenants.length === 0) return null
  const alone = `What you give it counts for ${tenant} alone; calls to the servers of other tenants ask you.`
  return (
    <FactLine icon={<Building2 size={14} />} name="Works for" look="text-ink">
      {tenants.length > 0 ? (
        <TenantChoice label="It would work for" {...{ tenant, tenants }} onChoose={onTenant} />
      ) : (
        <>
          It asks to work for <b>{tenant}</b>
        </>
      )}
      <span className="block text-muted">
        {tenant === null ? 'Calls to the servers of any tenant ask you.' : alone}
      </span>
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
