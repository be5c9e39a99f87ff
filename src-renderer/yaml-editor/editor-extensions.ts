import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { type KnownValues, schemaCompletion } from './completion.ts'
import { editorLook } from './editor-look.ts'
import type { FileSchema } from './schema-choices.ts'
import { wordTints } from './word-tints.ts'

/** What an editor is made for. */
export type EditorUse = {
  label: string
  readOnly: boolean
  schemaOf: (text: string) => FileSchema | null
  known: () => KnownValues
  onChange: (text: string) => void
  onSave: () => void
}

/**
 * All that an editor of YAML does. Tab is left alone, so that a keyboard comes out of it: Ctrl+] and Ctrl+[ indent. Keys keep
 * to the editor; only Ctrl+S is taken from the browser.
 */
export function editorExtensions({ label, readOnly, schemaOf, known, onChange, onSave }: EditorUse): Extension {
  const shown = [lineNumbers(), highlightSpecialChars({ addSpecialChars: hidden }), drawSelection(), editorLook]
  const language = [yaml(), wordTints, indentUnit.of('  '), bracketMatching(), EditorView.lineWrapping]
  const asked = EditorView.contentAttributes.of({
    'aria-label': label,
    ...(readOnly ? { 'aria-readonly': 'true' } : {}),
  })
  if (readOnly) {
    return [shown, language, asked, EditorState.readOnly.of(true), keymap.of([...defaultKeymap, ...searchKeymap])]
  }
  const run = () => {
    onSave()
    return true
  }
  const save = { key: 'Mod-s', preventDefault: true, run }
  return [
    ...[shown, language, asked, history(), indentOnInput(), closeBrackets(), highlightSelectionMatches()],
    ...[highlightActiveLine(), highlightActiveLineGutter(), lintGutter()],
    autocompletion({ override: [schemaCompletion(schemaOf, known)], icons: false, maxRenderedOptions: 60 }),
    keymap.of([save, ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap]),
    keymap.of([...completionKeymap, ...lintKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.sliceDoc())
    }),
  ]
}

/** Beyond those that are shown by themselves: whatever has no width, changes the direction of text, or breaks lines unseen. */
const hidden = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu
