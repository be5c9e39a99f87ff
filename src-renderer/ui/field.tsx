import { clsx } from 'clsx'
import { ChevronDown, CircleAlert } from 'lucide-react'
import { type ComponentProps, createContext, type ReactNode, useContext, useId } from 'react'
import { Hint } from './hint.tsx'

const FieldIds = createContext<{ id: string; describedBy: string | undefined; invalid: boolean } | null>(null)

type FieldProps = {
  label: string
  /** What belongs here, before anything is wrong. */
  hint?: ReactNode
  /** What is wrong and what to do. */
  error?: string | null
  children: ReactNode
}

/** Label, hint and error of the one control inside, tied together for screen readers. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const remark = `${id}-remark`
  const describedBy = error || hint ? remark : undefined
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-strong">
        {label}
      </label>
      <FieldIds value={{ id, describedBy, invalid: Boolean(error) }}>{children}</FieldIds>
      {error ? (
        <p id={remark} role="alert" className="flex gap-1 text-denied-text">
          <CircleAlert size={14} className="mt-[3px] shrink-0" aria-hidden="true" />
          <span>
            <Hint text={error} />
          </span>
        </p>
      ) : (
        hint && (
          <p id={remark} className="text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  )
}

const control =
  'w-full rounded-md border border-edge bg-surface px-2 text-ink disabled:opacity-50 aria-invalid:border-denied-text'

function useWiring() {
  const field = useContext(FieldIds)
  return field
    ? { id: field.id, 'aria-describedby': field.describedBy, 'aria-invalid': field.invalid || undefined }
    : {}
}

/** One line of text, in a `Field`. `mono`: for names, paths and hashes. */
export function Input({ mono = false, className, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      spellCheck={false}
      autoComplete="off"
      {...useWiring()}
      {...rest}
      className={clsx(control, 'h-8', mono && 'font-mono text-code', className)}
    />
  )
}

/** Several lines of text, in a `Field`; grows with its content. */
export function Textarea({ mono = false, className, ...rest }: ComponentProps<'textarea'> & { mono?: boolean }) {
  return (
    <textarea
      spellCheck={false}
      rows={3}
      {...useWiring()}
      {...rest}
      className={clsx(
        control,
        'max-h-80 min-h-16 py-1.5 field-sizing-content',
        mono && 'font-mono text-code',
        className,
      )}
    />
  )
}

/** One of a few, in a `Field`: the platform's own list. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={clsx('relative flex', className)}>
      <select {...useWiring()} {...rest} className={clsx(control, 'h-8 appearance-none pr-8')} />
      <ChevronDown size={14} className="pointer-events-none absolute top-[9px] right-2 text-muted" aria-hidden="true" />
    </span>
  )
}
