import { Fingerprint as Icon } from 'lucide-react'
import { Chip } from '../../ui/chip.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'

/** Whether a tool is still what was reviewed: its pinned hash, or that it changed since. */
export function Fingerprint({ fingerprint, held }: { fingerprint: string; held: boolean }) {
  if (held) return <Chip tone="changed" word="Changed" tip="it differs from what was reviewed, so it is held" />
  return (
    <Tooltip text={`as reviewed; fingerprint ${fingerprint}`}>
      <span className="inline-flex items-center gap-1.5 text-muted">
        <Icon size={14} aria-hidden="true" />
        <code>{fingerprint.slice(0, 8)}</code>
      </span>
    </Tooltip>
  )
}
