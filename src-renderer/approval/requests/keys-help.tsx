import { IconButton } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Popover } from '../../ui/popover.tsx'
import { keyList } from './keys.ts'

type KeysHelpProps = { open: boolean; onOpen: (open: boolean) => void }

/** The keys of the page, for whoever wants to answer without a pointer. */
export function KeysHelp({ open, onOpen }: KeysHelpProps) {
  return (
    <Popover
      title="Keys"
      side="top"
      open={open}
      onOpenChange={onOpen}
      button={
        <IconButton label="Keys" kbd="?" size="small">
          <span aria-hidden="true">?</span>
        </IconButton>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-1">
        {keyList.map(([keys, does]) => (
          <div key={keys} className="contents">
            <dt>
              <Kbd keys={keys} />
            </dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </Popover>
  )
}
