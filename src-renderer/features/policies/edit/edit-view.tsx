import { FileText } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { PolicyProblem } from '../../../../shared/policy-view.ts'
import { changeDraft, draftSource, dropDraft, useDraft } from '../../../parts/policy-draft.ts'
import { places } from '../../../places.ts'
import { Card } from '../../../ui/card.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import type { PolicyViewProps } from '../page-props.ts'
import { useQuiet } from '../use-settled.ts'
import { DraftEffect } from './draft-effect.tsx'
import { EditToolbar } from './edit-toolbar.tsx'
import { type EditedFile, editedFiles, fileAt, isStale, textOf } from './edited-file.ts'
import { EditorFrame, type Spot } from './editor-frame.tsx'
import { SaveDialog } from './save-dialog.tsx'
import { StaleNote } from './stale-note.tsx'
import { useDraftCheck } from './use-draft-check.ts'

/** The rule files to be changed: the text at the left, what it would do at the right, nothing in force before it is saved. */
export function EditView({ files: inFolder }: PolicyViewProps) {
  const [location, go] = useLocation()
  const drafts = useDraft()
  const files = useMemo(() => editedFiles(inFolder, drafts), [inFolder, drafts])
  const { file, line } = fileAt(location, files)
  const source = useQuiet(useMemo(() => draftSource(drafts), [drafts]))
  const check = useDraftCheck(source)
  const [jump, setJump] = useState<Spot | null>(null)
  // As it was when it was to be saved: once it is, there is no draft of it any more.
  const [saving, setSaving] = useState<EditedFile | null>(null)
  const goTo = useMemo(() => jump ?? (line > 0 ? { line, column: 1 } : null), [jump, line])
  const open = (path: string) => {
    setJump(null)
    go(places.editFile(path))
  }
  const show = (problem: PolicyProblem) => {
    if (problem.file !== file?.path) go(places.editFile(problem.file))
    setJump({ line: problem.line, column: problem.column })
  }
  const save = () => {
    if (file?.draft) setSaving(file)
  }
  const toolbar = <EditToolbar file={file} files={files} onOpen={open} onSave={save} />
  if (!file) return <NoFile toolbar={toolbar} />
  return (
    <div className="grid grid-cols-1 items-start gap-4 @4xl:grid-cols-[minmax(0,3fr)_minmax(300px,2fr)]">
      <div className="flex min-w-0 flex-col gap-2">
        {toolbar}
        {isStale(file) && <StaleNote file={file} />}
        <EditorFrame
          file={file}
          mistakes={check.problems.filter((problem) => problem.file === file.path)}
          goTo={goTo}
          onChange={(text) => change(file, text)}
          onKeep={() => dropDraft(file.path)}
          onSave={save}
        />
      </div>
      <DraftEffect check={check} drafted={drafts.length > 0} onShow={show} />
      {saving && <SaveDialog file={saving} text={textOf(saving)} onClose={() => setSaving(null)} />}
    </div>
  )
}

function change({ path, draft, inFolder }: EditedFile, text: string): void {
  changeDraft({ path, text, base: draft ? draft.base : (inFolder?.hash ?? null) }, inFolder)
}

function NoFile({ toolbar }: { toolbar: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-2">
      {toolbar}
      <Card>
        <EmptyState icon={<FileText size={24} />} title="There is no rule file">
          <p>Begin one with New file. What was in force before stays so until it is saved.</p>
        </EmptyState>
      </Card>
    </div>
  )
}
