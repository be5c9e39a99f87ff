import { changeDraft, dropDraft } from '../../../parts/policy-draft.ts'
import { Button } from '../../../ui/button.tsx'
import { ChangedIcon } from '../../../ui/icons.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import type { EditedFile } from './edited-file.ts'

/** The file was changed elsewhere while it was edited here: whose text counts is for the person to say. */
export function StaleNote({ file: { path, draft, inFolder } }: { file: EditedFile }) {
  const keep = () => {
    if (draft) changeDraft({ ...draft, base: inFolder?.hash ?? null }, inFolder)
  }
  return (
    <section
      aria-label="Changed elsewhere"
      className="flex flex-wrap items-center gap-2 rounded-md border border-asked-line bg-asked-fill px-3 py-2"
    >
      <ChangedIcon className="shrink-0 text-asked-text" />
      <p className="min-w-48 flex-1">
        <b className="text-asked-text">
          <VisibleText text={path} /> was {inFolder ? 'changed' : 'removed'} in its folder
        </b>{' '}
        after you began. Saving replaces that.
      </p>
      <Button size="small" onClick={keep}>
        Keep my text
      </Button>
      <Button size="small" onClick={() => dropDraft(path)}>
        Take the file as it is
      </Button>
    </section>
  )
}
