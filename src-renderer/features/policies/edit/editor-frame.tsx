import { lazy, Suspense } from 'react'
import type { PolicyProblem } from '../../../../shared/policy-view.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-text.tsx'
import { EmptyState, Skeleton } from '../../../ui/states.tsx'
import { VisibleText } from '../../../ui/visible-text.tsx'
import { type EditedFile, textOf } from './edited-file.ts'
import { useKnownNames } from './known-names.ts'
import { useSchemaOf } from './schemas.ts'

/** The editor is larger than all the rest of the app: whoever does not edit does not load it. */
const YamlEditor = lazy(async () => ({ default: (await import('../../../yaml-editor/yaml-editor.tsx')).YamlEditor }))

/** A place in the file. */
export type Spot = { line: number; column: number }

type EditorFrameProps = {
  file: EditedFile
  mistakes: readonly PolicyProblem[]
  goTo: Spot | null
  onChange: (text: string) => void
  /** The file is not to be removed after all. */
  onKeep: () => void
  onSave: () => void
}

/** The text of a file in its frame, to be written in; of the organisation's files to be read. */
export function EditorFrame({ file, mistakes, goTo, onChange, onKeep, onSave }: EditorFrameProps) {
  const { path, origin } = file
  const text = textOf(file)
  const known = useKnownNames()
  const schemaOf = useSchemaOf(path)
  return (
    <figure
      aria-label={`File ${path}`}
      className="overflow-hidden rounded-md border border-line bg-sunken focus-within:border-edge"
    >
      <figcaption className="flex h-8 items-center justify-between gap-2 border-line border-b pr-1 pl-3 text-muted">
        <span className="min-w-0 truncate">
          <code>
            <VisibleText text={path} />
          </code>
          {origin === 'org' && ' · your organisation’s, to be read only'}
          {origin === 'local' && file.draft && ' · not saved'}
        </span>
        {text !== null && <CopyButton text={text} label={`Copy ${path}`} />}
      </figcaption>
      <div className="h-[calc(100vh-460px)] min-h-80 @4xl:h-[calc(100vh-288px)]">
        {text === null ? (
          <EmptyState title="This file goes when you save" action={<Button onClick={onKeep}>Keep it</Button>}>
            <p>Its rules are in force until then.</p>
          </EmptyState>
        ) : (
          <Suspense fallback={<Skeleton className="m-3 h-40" />}>
            <YamlEditor
              key={`${origin} ${path}`}
              {...{ text, mistakes, schemaOf, known, goTo, onChange, onSave }}
              label={`Text of ${path}`}
              readOnly={origin === 'org'}
            />
          </Suspense>
        )}
      </div>
    </figure>
  )
}
