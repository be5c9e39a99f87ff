import type { ComponentType } from 'react'
import {
  AllowedIcon,
  AskedIcon,
  ChangedIcon,
  ConstrainedIcon,
  DeniedIcon,
  HeldIcon,
  type IconProps,
  ObservedIcon,
  QuarantinedIcon,
} from './icons.tsx'

/** What something means to a person; each has one hue, one icon and one word, the same everywhere. */
export type Tone = 'allowed' | 'asked' | 'held' | 'changed' | 'constrained' | 'denied' | 'quarantined' | 'observed'

type Look = { word: string; Icon: ComponentType<IconProps>; text: string; box: string; dot: string }

const asked = {
  text: 'text-asked-text',
  box: 'border-asked-line bg-asked-fill text-asked-text',
  dot: 'bg-asked-text',
}

/** How each tone looks: its word, icon and classes for text alone, for a filled box, and for a dot or bar. */
export const tones: Record<Tone, Look> = {
  allowed: {
    word: 'Allowed',
    Icon: AllowedIcon,
    text: 'text-allowed-text',
    box: 'border-allowed-line bg-allowed-fill text-allowed-text',
    dot: 'bg-allowed-text',
  },
  asked: { word: 'Asked', Icon: AskedIcon, ...asked },
  held: { word: 'Held', Icon: HeldIcon, ...asked },
  changed: { word: 'Changed', Icon: ChangedIcon, ...asked },
  constrained: {
    word: 'Constrained',
    Icon: ConstrainedIcon,
    text: 'text-constrained-text',
    box: 'border-constrained-line bg-constrained-fill text-constrained-text',
    dot: 'bg-constrained-text',
  },
  denied: {
    word: 'Denied',
    Icon: DeniedIcon,
    text: 'text-denied-text',
    box: 'border-denied-line bg-denied-fill text-denied-text',
    dot: 'bg-denied-text',
  },
  quarantined: {
    word: 'Quarantined',
    Icon: QuarantinedIcon,
    text: 'text-quarantined-text',
    box: 'border-quarantined-line bg-quarantined-fill text-quarantined-text',
    dot: 'bg-quarantined-text',
  },
  observed: {
    word: 'Observed',
    Icon: ObservedIcon,
    text: 'text-observed-text',
    box: 'border-observed-line bg-observed-fill text-observed-text',
    dot: 'bg-observed-text',
  },
}
