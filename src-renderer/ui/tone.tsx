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
  RestingIcon,
} from './icons.tsx'

/** What something means to a person; each has one hue, one icon and one word, the same everywhere. */
export type Tone =
  | 'allowed'
  | 'asked'
  | 'held'
  | 'changed'
  | 'constrained'
  | 'denied'
  | 'quarantined'
  | 'observed'
  | 'resting'

type Look = { word: string; Icon: ComponentType<IconProps>; text: string; box: string; icon: string; bar: string }

const asked = {
  text: 'text-asked-text',
  box: 'border-asked-line bg-asked-fill text-asked-text',
  icon: 'text-asked-solid',
  bar: 'bg-asked-solid',
}

const quiet = {
  text: 'text-observed-text',
  box: 'border-observed-line bg-observed-fill text-observed-text',
  icon: 'text-observed-solid',
  bar: 'bg-observed-solid',
}

/** How each tone looks: its word, its icon, and classes for text alone, a filled box, an icon, a dot or bar. */
export const tones: Record<Tone, Look> = {
  allowed: {
    word: 'Allowed',
    Icon: AllowedIcon,
    text: 'text-allowed-text',
    box: 'border-allowed-line bg-allowed-fill text-allowed-text',
    icon: 'text-allowed-solid',
    bar: 'bg-allowed-solid',
  },
  asked: { word: 'Asked', Icon: AskedIcon, ...asked },
  held: { word: 'Held', Icon: HeldIcon, ...asked },
  changed: { word: 'Changed', Icon: ChangedIcon, ...asked },
  constrained: {
    word: 'Constrained',
    Icon: ConstrainedIcon,
    text: 'text-constrained-text',
    box: 'border-constrained-line bg-constrained-fill text-constrained-text',
    icon: 'text-constrained-solid',
    bar: 'bg-constrained-solid',
  },
  denied: {
    word: 'Denied',
    Icon: DeniedIcon,
    text: 'text-denied-text',
    box: 'border-denied-line bg-denied-fill text-denied-text',
    icon: 'text-denied-solid',
    bar: 'bg-denied-solid',
  },
  quarantined: {
    word: 'Quarantined',
    Icon: QuarantinedIcon,
    text: 'text-quarantined-text',
    box: 'border-quarantined-line bg-quarantined-fill text-quarantined-text',
    icon: 'text-quarantined-solid',
    bar: 'bg-quarantined-solid',
  },
  observed: { word: 'Observed', Icon: ObservedIcon, ...quiet },
  resting: { word: 'Over', Icon: RestingIcon, ...quiet },
}
