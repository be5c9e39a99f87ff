import { clsx } from 'clsx'
import { Clock, CornerUpLeft } from 'lucide-react'
import { type ReactNode, type Ref, useRef, useState } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import type { Output } from '../../../shared/calls.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Notice } from '../notice.tsx'
import { AnswerBar, type AnswerHandle } from './answer-bar.tsx'
import { ArgumentsView, type Reading } from './arguments-view.tsx'
import { EditArguments } from './edit-arguments.tsx'
import type { Ending, QueueAction } from './queue-state.ts'
import { RequestFacts } from './request-facts.tsx'
import { RequestHead } from './request-head.tsx'
import { useAnswer } from './use-answer.ts'
import { useEdit } from './use-edit.ts'
import { useGrant } from './use-grant.ts'
import { useKeys } from './use-keys.ts'
import { type EndMarks, useReadThrough } from './use-read-through.ts'
import type { SeenInFull } from './use-seen.ts'
import { type Shown, useTicket } from './use-ticket.ts'

type Around = { rules: Output<'policy.show'>['rules']; home: string | null }
type OpenProps = Around & {
  request: ApprovalView
  dispatch: (action: QueueAction) => void
  refresh: () => void
  onRead: (seen: SeenInFull) => void
  go: (to: string) => void
}

/** One request, and the ways to answer it. */
export function OpenRequest({ request, dispatch, refresh, onRead, go, ...around }: OpenProps) {
  const shown = useTicket(request)
  const answer = useAnswer(shown, { dispatch, refresh })
  const grant = useGrant(shown.view)
  const edit = useEdit(shown.view)
  const [details, setDetails] = useState(false)
  const [help, setHelp] = useState(false)
  const [reading, setReading] = useState<Reading>({ asSent: false, finding: null })
  const bar = useRef<AnswerHandle>(null)
  const ends = useReadThrough(shown, onRead)
  const begin = () => {
    grant.pick(null)
    answer.forget()
    edit.begin()
  }
  const leave = () => {
    answer.forget()
    edit.leave()
  }
  useKeys((deed) => {
    const offer = /^offer (\d)$/.exec(deed)
    if (offer) {
      if (edit.text === null) grant.pick(Number(offer[1]) - 1)
    } else if (deed === 'edit') {
      if (edit.may && edit.text === null) begin()
    } else if (deed === 'deny') {
      // Back from what is open, the innermost first.
      if (reading.finding !== null) setReading({ ...reading, finding: null })
      else if (edit.text !== null) leave()
      else bar.current?.deny()
    } else if (deed === 'allow') bar.current?.allow()
    else if (deed === 'details') setDetails((open) => !open)
    else if (deed === 'raw') setReading((now) => ({ ...now, asSent: !now.asSent }))
    else if (deed === 'find') setReading((now) => ({ ...now, finding: now.finding ?? '' }))
    else if (deed === 'help') setHelp(true)
    else dispatch({ type: 'stepped', by: deed === 'next' ? 1 : -1 })
  })
  return (
    <article aria-labelledby="request" className="flex min-h-0 flex-1 flex-col">
      <RequestBody
        view={shown.view}
        {...around}
        details={details}
        ends={ends}
        editing={edit.text !== null}
        top={<Changed shown={shown} />}
      >
        {edit.text === null ? (
          <ArgumentsView
            view={shown.view}
            reading={reading}
            onReading={setReading}
            {...(edit.may ? { onEdit: begin } : {})}
          />
        ) : (
          <EditArguments edit={edit} />
        )}
      </RequestBody>
      <AnswerBar
        ref={bar as Ref<AnswerHandle>}
        shown={shown}
        answer={answer}
        grant={grant}
        edit={{ ...edit, leave }}
        details={details}
        onDetails={() => setDetails(!details)}
        help={help}
        onHelp={setHelp}
        go={go}
      />
    </article>
  )
}

type BodyProps = Around & {
  view: ApprovalView
  details: boolean
  ends?: EndMarks
  /** What is being changed is as long as it is, beside what it was. */
  editing?: boolean
  top?: ReactNode
  children: ReactNode
}

/** What a person reads before they answer. Long arguments scroll by themselves, so that all else stays in sight. */
function RequestBody({ view, rules, home, details, ends, editing = false, top, children }: BodyProps) {
  const long = view.arguments.length + view.also_sent.length > 240
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto pb-3">
      {top}
      <RequestHead view={view} home={home} />
      <section
        aria-label="Arguments"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
        tabIndex={0}
        data-scrolls=""
        // With the details open everything scrolls together: nothing is squeezed out of sight by them.
        className={clsx(
          'px-4',
          editing ? 'shrink-0' : 'overflow-y-auto',
          !editing && (details ? 'max-h-80 shrink-0' : 'shrink'),
          !editing && (long ? 'min-h-40' : 'min-h-24'),
        )}
      >
        {children}
        <div ref={ends?.args} className="h-px" />
      </section>
      <div className="shrink-0 px-4">
        <RequestFacts view={view} rules={rules} home={home} details={details} />
        <div ref={ends?.rest} className="h-px" />
      </div>
    </div>
  )
}

function Changed({ shown: { changes, failure } }: { shown: Shown }) {
  if (failure) {
    return (
      <div className="px-4 pt-3">
        <ErrorState compact title="This request cannot be answered" why={failure.message} hint={failure.hint} />
      </div>
    )
  }
  return (
    <div role="status" className={changes.length > 0 ? 'px-4 pt-3' : 'contents'}>
      {changes.length > 0 && (
        <Notice tone="changed">
          <b>This changed while it was on screen:</b> {changes.join(', ')}. Look again, then answer.
        </Notice>
      )}
    </div>
  )
}

const endings = {
  expired: { Icon: Clock, words: 'Nobody answered in time, so it was denied.' },
  elsewhere: {
    Icon: CornerUpLeft,
    words: 'It no longer waits: it was answered elsewhere, or the client took it back.',
  },
} as const

type EndedProps = { request: ApprovalView; ending: Ending; onSeen: () => void } & Around

/** A request that ended while it was on screen: it says so, and goes. */
export function EndedRequest({ request, ending, onSeen, ...around }: EndedProps) {
  const { Icon, words } = endings[ending]
  const [reading, setReading] = useState<Reading>({ asSent: false, finding: null })
  return (
    <article aria-labelledby="request" className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-0 flex-1 flex-col opacity-60">
        <RequestBody view={request} {...around} details={false}>
          <ArgumentsView view={request} reading={reading} onReading={setReading} />
        </RequestBody>
      </div>
      <footer className="flex shrink-0 items-center gap-3 border-line border-t px-4 py-3">
        <Icon size={16} className="shrink-0 text-muted" aria-hidden="true" />
        <p role="status" className="flex-1">
          {words}
        </p>
        <Button onClick={onSeen}>Go on</Button>
      </footer>
    </article>
  )
}
