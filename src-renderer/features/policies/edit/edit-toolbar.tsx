import { FilePlus, RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { changeDraft, dropDraft } from '../../../parts/policy-draft.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Select } from '../../../ui/field.tsx'
import type { EditedFile } from './edited-file.ts'
import { NewFileDialog } from './new-file-dialog.tsx'

type EditToolbarProps = {
  file: EditedFile | undefined
  files: readonly EditedFile[]
  onOpen: (path: string) => void
  onSave: () => void
}

/** Which file is edited, and what is done with it. */
export function EditToolbar({ file, files, onOpen, onSave }: EditToolbarProps) {
  const [naming, setNaming] = useState(false)
  const taken = files.map(({ path }) => path)
  return (
    <div className="flex flex-wrap items-center gap-2">
      {file && (
        <Select
          aria-label="File"
          value={`${file.origin} ${file.path}`}
          onChange={(event) => onOpen(event.target.value.slice(event.target.value.indexOf(' ') + 1))}
          className="w-64 max-w-full"
        >
          {files.map(({ path, origin, draft, inFolder }) => (
            <option key={`${origin} ${path}`} value={`${origin} ${path}`}>
              {path}
              {origin === 'org' ? ' (organisation)' : !inFolder ? ' (new)' : draft ? ' (changed)' : ''}
            </option>
          ))}
        </Select>
      )}
      <Button icon={<FilePlus size={14} aria-hidden="true" />} onClick={() => setNaming(true)}>
        New file
      </Button>
      <span className="flex-1" />
      {file?.draft && (
        <IconButton label={`Forget the changes of ${file.path}`} onClick={() => dropDraft(file.path)}>
          <RotateCcw size={16} aria-hidden="true" />
        </IconButton>
      )}
      {file?.inFolder && file.origin === 'local' && file.draft?.text !== null && (
        <IconButton label={`Remove ${file.path}`} onClick={() => remove(file)}>
          <Trash2 size={16} aria-hidden="true" />
        </IconButton>
      )}
      {file?.origin !== 'org' && (
        <Button look="primary" kbd="Ctrl+S" disabled={!file?.draft} onClick={onSave}>
          Save
        </Button>
      )}
      {naming && (
        <NewFileDialog
          taken={taken}
          onClose={() => setNaming(false)}
          onNamed={(path) => {
            setNaming(false)
            onOpen(path)
          }}
        />
      )}
    </div>
  )
}

/** Only in the draft: the file goes when that is saved. */
function remove({ path, draft, inFolder }: EditedFile): void {
  changeDraft({ path, text: null, base: draft ? draft.base : (inFolder?.hash ?? null) }, inFolder)
}
