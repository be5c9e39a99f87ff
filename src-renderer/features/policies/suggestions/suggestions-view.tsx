import { useState } from 'react'
import { useLocation } from 'wouter'
import type { PolicySuggestion } from '../../../../shared/policy-tools.ts'
import { changeDraft, freeFileName, useDraft } from '../../../parts/policy-draft.ts'
import { places } from '../../../places.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Field, Select } from '../../../ui/field.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/states.tsx'
import { useCall } from '../../../use-call.ts'
import { DaysSelect, useDays } from '../days-select.tsx'
import type { PolicyViewProps } from '../page-props.ts'
import { useSteady } from '../use-settled.ts'
import { chosenRules } from './chosen-rules.ts'
import { SuggestedRule } from './suggested-rule.tsx'

/** Rules that allow what ran and no more, with the calls that they come from; what is taken over becomes a draft. */
export function SuggestionsView({ files }: PolicyViewProps) {
  const { days, setDays } = useDays(30)
  const [server, setServer] = useState<string | null>(null)
  const { value: servers = [] } = useCall('servers.list', {}, ['servers'])
  const { value, error, loading } = useSteady('policy.suggest', { since_days: days, server }, [])
  const taken = files.map(({ path }) => path)
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-end gap-4">
        <Field label="Server">
          <Select value={server ?? ''} onChange={(event) => setServer(event.target.value || null)} className="w-52">
            <option value="">All servers</option>
            {servers.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <DaysSelect days={days} onChange={setDays} />
      </div>
      {error ? (
        <ErrorState compact title="Nothing can be suggested" why={error.message} hint={error.hint} />
      ) : value ? (
        <Suggested key={value.text} suggestion={value} taken={taken} busy={loading} />
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </div>
  )
}

type SuggestedProps = { suggestion: PolicySuggestion; taken: readonly string[]; busy: boolean }

function Suggested({ suggestion: { rules, text, calls }, taken, busy }: SuggestedProps) {
  const [, go] = useLocation()
  const drafts = useDraft()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(rules.map(({ id }) => id)))
  if (rules.length === 0) {
    return (
      <Card>
        <EmptyState title="Nothing to suggest yet">
          <p>Suggestions come from calls that ran. In these days there was none; look further back.</p>
        </EmptyState>
      </Card>
    )
  }
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  const add = () => {
    const ids = rules.map(({ id }) => id)
    const path = freeFileName('suggested', [...taken, ...drafts.map((draft) => draft.path)])
    changeDraft({ path, text: chosenRules(text, ids, chosen), base: null }, undefined)
    go(places.editFile(path))
  }
  return (
    <div className="flex flex-col gap-3" aria-busy={busy}>
      <p className="max-w-200 text-muted">
        {calls.toLocaleString('en')} {calls === 1 ? 'call' : 'calls'} ran. These rules allow what they did and no more;
        what a person was asked about is still asked. Nothing is in force before you have looked at it and saved it.
      </p>
      <Card>
        <ul className="divide-y divide-line" aria-label="Suggested rules">
          {rules.map((rule) => (
            <SuggestedRule key={rule.id} rule={rule} chosen={chosen.has(rule.id)} onToggle={() => toggle(rule.id)} />
          ))}
        </ul>
      </Card>
      <div>
        <Button look="primary" disabled={chosen.size === 0} onClick={add}>
          Add {chosen.size === 1 ? 'one rule' : `${chosen.size} rules`} to a draft
        </Button>
      </div>
    </div>
  )
}
