import { setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useLayoutEffect, useRef } from 'react'
import type { KnownValues } from './completion.ts'
import { editorExtensions } from './editor-extensions.ts'
import { type Mistake, mistakeMarks } from './mistake-marks.ts'
import type { FileSchema } from './schema-choices.ts'

type YamlEditorProps = {
  label: string
  text: string
  readOnly: boolean
  mistakes: readonly Mistake[]
  schemaOf: (text: string) => FileSchema | null
  known: KnownValues
  /** Where to go; a new object goes there again. */
  goTo: { line: number; column: number } | null
  onChange: (text: string) => void
  onSave: () => void
}

/**
 * An editor of one YAML file. It lives in a shadow root: there its styles are adopted sheets, which the content security policy
 * of the page has nothing against, while it would refuse the style elements that they are elsewhere.
 */
export function YamlEditor(props: YamlEditorProps) {
  const { label, text, readOnly, mistakes, goTo } = props
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  latest.current = props
  useLayoutEffect(() => {
    if (!host.current) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const extensions = editorExtensions({
      ...{ label, readOnly, schemaOf: (now) => latest.current.schemaOf(now), known: () => latest.current.known },
      ...{ onChange: (now) => latest.current.onChange(now), onSave: () => latest.current.onSave() },
    })
    const state = EditorState.create({ doc: latest.current.text, extensions })
    const editor = new EditorView({ state, parent: root, root })
    view.current = editor
    return () => {
      view.current = null
      editor.destroy()
    }
  }, [label, readOnly])
  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.sliceDoc() === text) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])
  useEffect(() => {
    const editor = view.current
    if (editor) editor.dispatch(setDiagnostics(editor.state, mistakeMarks(mistakes, editor.state.doc)))
  }, [mistakes])
  useEffect(() => {
    if (goTo && view.current) go(view.current, goTo)
  }, [goTo])
  return <div ref={host} className="h-full min-h-0" />
}

function go(editor: EditorView, { line, column }: { line: number; column: number }): void {
  const { from, to } = editor.state.doc.line(Math.min(Math.max(1, line), editor.state.doc.lines))
  const anchor = Math.min(to, from + Math.max(0, column - 1))
  editor.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
  editor.focus()
}
