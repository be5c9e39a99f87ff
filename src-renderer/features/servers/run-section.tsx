import { RotateCw, Square } from 'lucide-react'
import { useState } from 'react'
import type { ServerRun } from '../../../shared/server-run.ts'
import { call } from '../../call.ts'
import { failureText } from '../../say/failure-text.ts'
import { runStates } from '../../say/run-state.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { asFailure } from '../../use-call.ts'
import { LastEnd } from './last-end.tsx'

/** How a server does right now: for whom it runs, what became of it lately, and a hand on it. */
export function RunSection({ run }: { run: ServerRun }) {
  const { act, busy, failed } = useRunActions(run.name)
  const { tone, word, means } = runStates[run.state]
  return (
    <Section title="Right now">
      <Card className="flex flex-col gap-3 p-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="flex flex-wrap items-center gap-x-2">
            <Chip tone={tone} word={word} />
            <span className="text-muted">{summary(run, means)}</span>
          </p>
          <span className="flex gap-2">
            <Button
              icon={<RotateCw size={14} aria-hidden="true" />}
              look={run.state === 'crashing' ? 'primary' : 'secondary'}
              loading={busy === 'servers.restart'}
              onClick={() => act('servers.restart')}
            >
              Restart
            </Button>
            <Button
              icon={<Square size={14} aria-hidden="true" />}
              look="ghost"
              disabled={run.processes.length === 0}
              loading={busy === 'servers.stop'}
              onClick={() => act('servers.stop')}
            >
              Stop now
            </Button>
          </span>
        </div>
        {failed && (
          <p role="alert" className="text-denied-text">
            {failed}
          </p>
        )}
        {run.outdated > 0 && (
          <p className="text-asked-text">
            {run.outdated === 1 ? 'One process still runs' : `${run.outdated} processes still run`} what it was before
            its settings changed, until their calls are answered.
          </p>
        )}
        {run.last_end && <LastEnd run={run} />}
        {run.processes.length > 0 && <Processes run={run} />}
      </Card>
    </Section>
  )
}

function summary({ state, processes, restarts }: ServerRun, means: string): string {
  const again = restarts === 0 ? [] : [`started again ${restarts === 1 ? 'once' : `${restarts} times`}`]
  const sessions = processes.length === 1 ? 'for one session' : `for ${processes.length} sessions`
  // Of one that keeps ending the sentence below says it all.
  const what = state === 'crashing' ? [] : [state === 'running' ? sessions : means]
  return [...what, ...again].join(', ')
}

function Processes({ run: { processes } }: { run: ServerRun }) {
  return (
    <Table<ServerRun['processes'][number]>
      label="What runs"
      rows={processes}
      keyOf={({ session }) => session}
      columns={[
        { head: 'For', cell: ({ client }) => <VisibleText text={client} /> },
        {
          head: 'Held to',
          cell: ({ sandbox }) =>
            sandbox === null ? (
              <span className="text-muted">nothing: no rule bounds it</span>
            ) : (
              <VisibleText text={sandbox} />
            ),
        },
        {
          head: 'Process',
          width: '120px',
          end: true,
          cell: ({ pid }) => (pid === null ? 'a connection' : <code>{pid}</code>),
        },
        { head: 'Since', width: '140px', end: true, cell: ({ since }) => <Time at={since} /> },
      ]}
    />
  )
}

type Action = 'servers.restart' | 'servers.stop'

function useRunActions(name: string) {
  const [busy, setBusy] = useState<Action | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const act = (action: Action) => {
    setBusy(action)
    setFailed(null)
    call(action, { name })
      .catch((error: unknown) => setFailed(failureText(asFailure(error))))
      .finally(() => setBusy(null))
  }
  return { act, busy, failed }
}
