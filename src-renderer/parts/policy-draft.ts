import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { PolicySource } from '../../shared/policy-tools.ts'
import type { PolicyFileView } from '../../shared/policy-view.ts'

/** A file that somebody changes here. `text` null: it is to be removed; `base`: hash of the file it began from, null when there was none. */
export type DraftFile = { path: string; text: string | null; base: string | null }

const keptAs = 'toolgate.policy-draft'
const drafts = createStore<readonly DraftFile[]>()(kept)

/** The draft outlives a reload of its tab, and nothing else. */
function kept(): readonly DraftFile[] {
  try {
    const files: unknown = JSON.parse(sessionStorage.getItem(keptAs) ?? '[]')
    return Array.isArray(files) ? files.filter(isDraftFile) : []
  } catch {
    return []
  }
}

function isDraftFile(file: unknown): file is DraftFile {
  const { path, text, base } = (file ?? {}) as Partial<Record<keyof DraftFile, unknown>>
  const orNull = (value: unknown) => value === null || typeof value === 'string'
  return typeof path === 'string' && orNull(text) && orNull(base)
}

drafts.subscribe((files) => {
  try {
    sessionStorage.setItem(keptAs, JSON.stringify(files))
  } catch {
    // There is no room: then it lives as long as the page.
  }
})

/** What is being changed, file by file. */
export function useDraft(): readonly DraftFile[] {
  return useStore(drafts)
}

/** Sets one file of the draft; one that says the same as its file in the folder is no change. */
export function changeDraft(file: DraftFile, inFolder: PolicyFileView | undefined): void {
  const same = inFolder ? inFolder.text === file.text : file.text === null
  const others = drafts.getState().filter(({ path }) => path !== file.path)
  drafts.setState(same ? others : [...others, file], true)
}

/** Forgets what was changed in a file. */
export function dropDraft(path: string): void {
  drafts.setState(
    drafts.getState().filter((file) => file.path !== path),
    true,
  )
}

/** The folder as it would be with these files, for a call to the core; the folder alone when nothing is changed. */
export function draftSource(files: readonly DraftFile[]): PolicySource {
  if (files.length === 0) return 'folder'
  return { draft: { files: files.map(({ path, text }) => ({ path, text })), on: 'folder' } }
}

/** The first name that no file has: `suggested.yaml`, `suggested-2.yaml`, … */
export function freeFileName(name: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((path) => path.toLowerCase()))
  let free = `${name}.yaml`
  for (let count = 2; lower.has(free.toLowerCase()); count += 1) free = `${name}-${count}.yaml`
  return free
}
