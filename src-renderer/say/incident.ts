import type { IncidentKind, IncidentView } from '../../shared/incidents.ts'
import type { Tone } from '../ui/tone.tsx'
import { haltTitle } from './halt.ts'

/** How an incident came about, in a word. */
export const incidentKinds: Record<IncidentKind, string> = {
  stop: 'Stop',
  gate: 'Gate',
  override: 'Override',
  manual: 'By hand',
}

/** What an incident is about, at the beginning of a sentence. */
export function incidentAbout({ scope, title }: Pick<IncidentView, 'scope' | 'title'>): string {
  return haltTitle({ scope, title })
}

/** An incident as the title of its own page: how it came about, and what it is about. */
export function incidentTitle(incident: Pick<IncidentView, 'kind' | 'scope' | 'title'>): string {
  const about = incidentAbout(incident)
  if (incident.kind === 'manual') return about
  return `${incidentKinds[incident.kind]}: ${about.charAt(0).toLowerCase()}${about.slice(1)}`
}

/** Whether an incident is open, in its hue. */
export function incidentState({ closed_at }: Pick<IncidentView, 'closed_at'>): { tone: Tone; word: string } {
  return closed_at === null ? { tone: 'asked', word: 'Open' } : { tone: 'resting', word: 'Closed' }
}
