import { clsx } from 'clsx'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'wouter'
import type { ConsentSummary } from '../../shared/consents.ts'
import type { ObserveView } from '../../shared/observe.ts'
import type { OverrideView } from '../../shared/override.ts'
import type { HaltView } from '../../shared/stop.ts'
import type { Connection } from '../call.ts'
import { openApprovals } from '../open-approvals.ts'
import { AskingAppsSentence } from '../parts/asking-apps-sentence.tsx'
import { haltsWords } from '../parts/halts-words.ts'
import { ObserveEnd } from '../parts/observe-end.tsx'
import { ObserveSentence } from '../parts/observe-sentence.tsx'
import { OverrideEnd } from '../parts/override-end.tsx'
import { OverrideSentence } from '../parts/override-sentence.tsx'
import { places } from '../places.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { type Tone, tones } from '../ui/tone.tsx'
import { asFailure } from '../use-call.ts'

type BannersProps = {
  connection: Connection
  halts: readonly HaltView[]
  /** Servers that keep ending. */
  crashing: readonly string[]
  observing: readonly ObserveView[]
  overrides: readonly OverrideView[]
  /** Apps that wait to be let in. */
  asking: readonly ConsentSummary[]
}

/** What is true of everything on the page: calls are stopped, or what is shown may be old. */
export function Banners({ connection, halts, crashing, observing, overrides, asking }: BannersProps) {
  const open = (place: string) => {
    openApprovals(place).catch((error: unknown) => {
      const { message, hint } = asFailure(error)
      toast({ title: message, detail: hint, tone: 'denied' })
    })
  }
  return (
    <div role="status">
      {connection.state === 'lost' && (
        <Banner tone="asked" words="The connection to the gateway was lost.">
          What you see may be old. Trying again until it is back; clients are not affected by this page.
        </Banner>
      )}
      {asking[0] && (
        <Banner
          tone="asked"
          words={
            asking[0].public_origin === null
              ? 'An app asks to connect.'
              : 'Somebody on the network asks to connect an app.'
          }
          action={<Button onClick={() => open(`/consents/${asking[0]?.id}`)}>Answer</Button>}
        >
          <AskingAppsSentence apps={asking} />
        </Banner>
      )}
      {halts.length > 0 && (
        <Banner
          tone="denied"
          words={haltsWords(halts).words}
          action={<Button onClick={() => open('/resume')}>Resume</Button>}
        >
          {haltsWords(halts).rest}
        </Banner>
      )}
      {overrides.length > 0 && (
        <Banner
          tone="denied"
          words="An override is on."
          action={
            overrides.length > 1 ? <OverrideEnd /> : <OverrideEnd {...(overrides[0] && { view: overrides[0] })} />
          }
        >
          <OverrideSentence overrides={overrides} />
        </Banner>
      )}
      {observing.length > 0 && <Observing observing={observing} />}
      {crashing.length > 0 && (
        <Banner tone="denied" words={crashing.length === 1 ? 'A server keeps ending.' : 'Servers keep ending.'}>
          Calls of{' '}
          {crashing.map((name, at) => (
            <Fragment key={name}>
              {at > 0 && ', '}
              <Link href={places.server(name)} className="underline">
                {name}
              </Link>
            </Fragment>
          ))}{' '}
          are refused until it is mended.
        </Banner>
      )}
    </div>
  )
}

/** Seen on every page for as long as it is on; anybody may end it. */
function Observing({ observing }: { observing: readonly ObserveView[] }) {
  const [first, ...others] = observing
  if (!first) return null
  return (
    <Banner
      tone="observed"
      words="Observe mode is on."
      action={others.length > 0 ? <ObserveEnd /> : <ObserveEnd view={first} />}
    >
      <ObserveSentence observing={observing} />
    </Banner>
  )
}

type BannerProps = { tone: Tone; words: string; children: ReactNode; action?: ReactNode }

function Banner({ tone, words, children, action }: BannerProps) {
  const { Icon, box } = tones[tone]
  return (
    <div className={clsx('flex min-h-10 items-center gap-2 border-b px-4 py-1', box)}>
      <Icon className="shrink-0" />
      <p className="flex-1">
        <b>{words}</b> <span className="text-ink">{children}</span>
      </p>
      {action}
    </div>
  )
}
