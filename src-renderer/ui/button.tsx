import { clsx } from 'clsx'
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'
import { Tooltip } from './tooltip.tsx'

const looks = {
  primary: 'border-transparent bg-accent text-on-solid hover:bg-accent-hover',
  secondary: 'border-line-strong bg-raised text-ink hover:bg-hover',
  danger: 'border-transparent bg-danger text-on-solid hover:bg-danger-hover',
  ghost: 'border-transparent text-muted hover:bg-hover hover:text-ink',
} as const

const sizes = {
  small: 'h-6 gap-1 px-2 text-small',
  medium: 'h-8 gap-1.5 px-3',
  large: 'h-10 gap-2 px-4',
} as const

type ButtonProps = ComponentProps<'button'> & {
  look?: keyof typeof looks
  size?: keyof typeof sizes
  icon?: ReactNode
  /** Key that does the same, shown beside the words. */
  kbd?: string
  /** Busy: keeps its width, says so, and does nothing when pressed. */
  loading?: boolean
}

/** A button with words. One primary at most per view. */
export function Button({
  look = 'secondary',
  size = 'medium',
  icon,
  kbd,
  loading = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={loading || undefined}
      aria-disabled={loading || undefined}
      onClick={loading ? (event) => event.preventDefault() : onClick}
      className={clsx(
        'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-strong transition-colors',
        'disabled:pointer-events-none disabled:opacity-50',
        looks[look],
        sizes[size],
        className,
      )}
    >
      {loading ? <LoaderCircle size={14} className="animate-spin" aria-hidden="true" /> : icon}
      {children}
      {kbd && <Kbd keys={kbd} quiet={look === 'primary' || look === 'danger'} />}
    </button>
  )
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & {
  /** Its name for everybody: tooltip and screen reader. */
  label: string
  kbd?: string
  size?: 'small' | 'medium'
  pressed?: boolean
}

/** A button that is only an icon; its name shows as a tooltip. */
export function IconButton({ label, kbd, size = 'medium', pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} {...(kbd === undefined ? {} : { kbd })}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={clsx(
          'inline-flex shrink-0 items-center justify-center rounded-md text-muted transition-colors',
          'hover:bg-hover hover:text-ink disabled:pointer-events-none disabled:opacity-50 aria-pressed:bg-selected aria-pressed:text-accent-text',
          size === 'small' ? 'size-6' : 'size-8',
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  )
}
