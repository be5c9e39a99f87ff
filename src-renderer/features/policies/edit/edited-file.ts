import type { PolicyFileView } from '../../../../shared/policy-view.ts'
import type { DraftFile } from '../../../parts/policy-draft.ts'
import { isAt, places } from '../../../places.ts'

/** A file as the editor has it: what lies in the folder, and what was made of it here. Not both are missing. */
export type EditedFile = {
  path: string
  origin: 'local' | 'org'
  inFolder: PolicyFileView | undefined
  draft: DraftFile | undefined
}

/** Every file that can be looked at in the editor, those of the folder first, each with its draft. */
export function editedFiles(files: readonly PolicyFileView[], drafts: readonly DraftFile[]): EditedFile[] {
  const draftOf = (name: string) => drafts.find(({ path }) => path === name)
  const local = files.filter(({ origin }) => origin === 'local')
  const org = files.filter(({ origin }) => origin === 'org')
  const fresh = drafts.filter(({ path }) => !local.some((file) => file.path === path))
  return [
    ...local.map((file) => ({ path: file.path, origin: file.origin, inFolder: file, draft: draftOf(file.path) })),
    ...fresh.map((draft) => ({ path: draft.path, origin: 'local' as const, inFolder: undefined, draft })),
    ...org.map((file) => ({ path: file.path, origin: file.origin, inFolder: file, draft: undefined })),
  ]
}

/** The file and line that the address of the editor names; by default the first file, and no line. */
export function fileAt(location: string, files: readonly EditedFile[]): { file: EditedFile | undefined; line: number } {
  const line = Number(/\/(\d+)$/.exec(location)?.[1] ?? 0)
  const named = (path: string) => isAt(location, places.editFile(path)) || isAt(location, places.editFile(path, line))
  const file = files.find(({ path }) => named(path))
  return file ? { file, line } : { file: files[0], line: 0 }
}

/** The text as it stands in the editor; null when the file is to be removed. */
export function textOf({ draft, inFolder }: EditedFile): string | null {
  return draft ? draft.text : (inFolder?.text ?? null)
}

/** The file in the folder is not the one any more that the draft began from. */
export function isStale({ draft, inFolder }: EditedFile): boolean {
  return draft !== undefined && draft.base !== (inFolder?.hash ?? null)
}
