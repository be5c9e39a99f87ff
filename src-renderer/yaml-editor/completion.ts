import {
  type Completion,
  type CompletionResult,
  type CompletionSource,
  insertCompletionText,
  pickedCompletion,
  startCompletion,
} from '@codemirror/autocomplete'
import type { EditorView } from '@codemirror/view'
import { type FileSchema, type SchemaChoice, schemaChoices } from './schema-choices.ts'
import { withCode } from './with-code.ts'
import { yamlPlace } from './yaml-place.ts'

/** What to write at a place that no schema knows, such as the names of the servers that there are: by path, with `.` between. */
export type KnownValues = Readonly<Record<string, readonly string[]>>

/** Completion from a schema. `schemaOf` says which one a text follows; null when that cannot be told. */
export function schemaCompletion(
  schemaOf: (text: string) => FileSchema | null,
  known: () => KnownValues,
): CompletionSource {
  return ({ state, pos, explicit }): CompletionResult | null => {
    const text = state.sliceDoc()
    const place = yamlPlace(text, pos)
    const schema = schemaOf(text)
    if (!place || !schema) return null
    const written = text.slice(place.from, pos)
    // In an empty place only a value is offered unasked: an empty line may be meant to stay one.
    if (!explicit && written === '' && place.kind === 'key') return null
    const names = (known()[place.path.filter((step) => step !== '*').join('.')] ?? []).map(nameChoice)
    const choices = [
      ...schemaChoices(schema, place),
      ...(place.kind === 'value' || place.path.at(-1) === '*' ? names : []),
    ]
    if (choices.length === 0) return null
    return { from: place.from, options: choices.map(option), validFor: /^["']?[\w.*/-]*$/ }
  }
}

function nameChoice(name: string): SchemaChoice {
  const text = /^[A-Za-z_][\w.-]*$/.test(name) ? name : JSON.stringify(name)
  return { text, note: '', kind: 'value', opens: null }
}

function option({ text, note, kind, opens }: SchemaChoice): Completion {
  return {
    label: text,
    type: kind === 'key' ? 'property' : 'enum',
    ...(note === '' || kind === 'value' ? {} : { info: () => drawn(note) }),
    apply: (view, completion, from, to) => {
      const column = from - view.state.doc.lineAt(from).from
      const below = `\n${' '.repeat(column + 2)}`
      const behind = kind === 'value' ? '' : opens === 'map' ? `:${below}` : opens === 'list' ? `:${below}- ` : ': '
      insert(view, completion, { text: `${text}${behind}`, from, to })
      if (kind === 'key') startCompletion(view)
    },
  }
}

function drawn(note: string): HTMLElement {
  const box = document.createElement('span')
  box.append(...withCode(note))
  return box
}

function insert(
  view: EditorView,
  completion: Completion,
  { text, from, to }: { text: string; from: number; to: number },
) {
  // What is there already behind the key is not written twice.
  const rest = view.state.sliceDoc(to, view.state.doc.lineAt(to).to)
  const fitting = /^\s*:/.test(rest) ? (text.split(':')[0] ?? text) : text
  view.dispatch({
    ...insertCompletionText(view.state, fitting, from, to),
    annotations: pickedCompletion.of(completion),
  })
}
