import type { ReactNode, SVGProps } from 'react'

/** Size of an icon in CSS pixels; all are drawn on a grid of 16. */
export type IconProps = SVGProps<SVGSVGElement> & { size?: number }

function Drawing({ size = 16, children, ...rest }: IconProps & { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      {...rest}
    >
      {children}
    </svg>
  )
}

const ring = <circle cx="8" cy="8" r="6.25" />

/** Allowed: a ring with a tick. */
export function AllowedIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      {ring}
      <path d="m5.5 8.3 1.8 1.8 3.3-3.9" />
    </Drawing>
  )
}

/** Asked: a question to a person, in a bubble. */
export function AskedIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      <path d="M2 4.25A1.75 1.75 0 0 1 3.75 2.5h8.5A1.75 1.75 0 0 1 14 4.25v5.5a1.75 1.75 0 0 1-1.75 1.75H8.5L5 14v-2.5H3.75A1.75 1.75 0 0 1 2 9.75z" />
      <path d="M6.6 5.8c.2-.8.8-1.2 1.5-1.2.9 0 1.5.6 1.5 1.3 0 1.1-1.5 1.1-1.5 2.1" />
      <path d="M8.1 9.6v.01" />
    </Drawing>
  )
}

/** Constrained: something held between two brackets. */
export function ConstrainedIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      <path d="M4.75 2.5H2.5v11h2.25M11.25 2.5h2.25v11h-2.25M5.75 8h4.5" />
    </Drawing>
  )
}

/** Denied: an octagon with a cross. */
export function DeniedIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      <path d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4zM6 6l4 4M10 6l-4 4" />
    </Drawing>
  )
}

/** Quarantined: a closed box with a lock on it. */
export function QuarantinedIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      <rect x="2" y="6.75" width="12" height="7.25" rx="1.5" />
      <path d="M4.75 6.75V5a3.25 3.25 0 0 1 6.5 0v1.75M8 9.75v1.25" />
    </Drawing>
  )
}

/** Over, or not begun: a ring with a dash. */
export function RestingIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      {ring}
      <path d="M5.5 8h5" />
    </Drawing>
  )
}

/** Observed: an eye that only looks. */
export function ObservedIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      <path d="M1.5 8S3.9 3.5 8 3.5 14.5 8 14.5 8 12.1 12.5 8 12.5 1.5 8 1.5 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </Drawing>
  )
}

/** Held: a ring with a pause in it. */
export function HeldIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      {ring}
      <path d="M6.4 5.9v4.2M9.6 5.9v4.2" />
    </Drawing>
  )
}

/** Changed: two values that differ. */
export function ChangedIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      <path d="M2.5 5.25h8.75L8.75 2.75M13.5 10.75H4.75l2.5 2.5" />
    </Drawing>
  )
}

/** Guarded: a shield with a tick. */
export function GuardedIcon(props: IconProps) {
  return (
    <Drawing {...props}>
      <path d="M8 1.75 13.25 3.5v4c0 3.3-2.1 5.6-5.25 6.75C4.85 13.1 2.75 10.8 2.75 7.5v-4z" />
      <path d="m5.75 7.9 1.6 1.6 2.9-3.4" />
    </Drawing>
  )
}

/** The mark of Toolgate: a shield whose middle bar is a gate that stands open. */
export function Mark({ size = 20, ...rest }: IconProps) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" {...rest}>
      <path fill="currentColor" d="M16 2 28 6v9c0 7.4-4.9 12.7-12 15C8.9 27.7 4 22.4 4 15V6z" />
      <path
        className="stroke-on-solid"
        fill="none"
        strokeWidth={2.4}
        strokeLinecap="round"
        d="M11 10v11M16 9v6M16 19v4M21 10v11"
      />
    </svg>
  )
}
