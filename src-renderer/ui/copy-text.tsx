import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from './button.tsx'
import { toast } from './toast.tsx'

/** A button that copies exactly this text, and says for a moment that it did. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_500)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () =>
        toast({
          title: 'Not copied',
          detail: 'The browser did not allow it: select the text instead.',
          tone: 'denied',
        }),
    )
  }
  return (
    <IconButton label={copied ? 'Copied' : label} size="small" onClick={copy}>
      {copied ? <Check size={13} /> : <Copy size={13} />}
    </IconButton>
  )
}

/** A hash or a long identifier, shortened in the middle; the whole is copied, and shown on hover. */
export function CopyText({ text, keep = 6 }: { text: string; keep?: number }) {
  const short = text.length > keep * 2 + 1 ? `${text.slice(0, keep)}…${text.slice(-keep)}` : text
  return (
    <span className="inline-flex items-center gap-0.5">
      <code title={text}>{short}</code>
      <CopyButton text={text} label="Copy all of it" />
    </span>
  )
}
