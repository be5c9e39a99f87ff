import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Custom properties of theme.css reach into the shadow of the editor, so that both themes are one. */
const color = (name: string) => `var(--color-${name})`
const mono = { fontFamily: 'var(--font-mono)', fontSize: '12.5px', lineHeight: '20px', fontVariantLigatures: 'none' }
const floating = {
  border: `1px solid ${color('line-strong')}`,
  borderRadius: '6px',
  backgroundColor: color('raised'),
  color: color('ink'),
  boxShadow: 'var(--shadow-float)',
}

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: color('sunken'), color: color('ink') },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { ...mono, overflow: 'auto' },
  '.cm-content': { padding: '8px 0', caretColor: color('ink') },
  '.cm-line': { padding: '0 12px 0 4px' },
  '.cm-gutters': { backgroundColor: color('sunken'), color: color('faint'), border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 12px', minWidth: '28px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: color('hover') },
  '.cm-activeLineGutter': { color: color('ink') },
  '.cm-cursor': { borderLeftColor: color('ink'), borderLeftWidth: '2px' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: `light-dark(#c9d1fb, #37427f)`,
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: color('selected'),
    outline: `1px solid ${color('edge')}`,
  },
  '.cm-specialChar': { color: color('asked-text'), backgroundColor: color('asked-fill') },
  '.cm-searchMatch': { backgroundColor: color('asked-fill'), outline: `1px solid ${color('asked-line')}` },
  '.cm-searchMatch-selected': { backgroundColor: color('selected'), outline: `1px solid ${color('accent-text')}` },
  // The tint of the language lies inside.
  '.cm-number, .cm-number *': { color: color('code-number') },
  '.cm-word, .cm-word *': { color: color('code-word'), fontWeight: '590' },
})

const panels = EditorView.theme({
  '.cm-panels': { backgroundColor: color('raised'), color: color('ink'), borderColor: color('line') },
  '.cm-panels.cm-panels-bottom': { borderTop: `1px solid ${color('line')}` },
  '.cm-panel.cm-search': { padding: '6px 12px', fontFamily: 'var(--font-sans)', fontSize: '13px' },
  '.cm-textfield': {
    border: `1px solid ${color('edge')}`,
    borderRadius: '4px',
    backgroundColor: color('surface'),
    color: color('ink'),
    fontSize: '13px',
  },
  '.cm-button': {
    border: `1px solid ${color('line-strong')}`,
    borderRadius: '4px',
    backgroundImage: 'none',
    backgroundColor: color('raised'),
    color: color('ink'),
    fontSize: '13px',
  },
  '.cm-panel.cm-search label': { fontSize: '13px' },
  '.cm-panel.cm-search [name=close]': { color: color('muted'), fontSize: '16px' },
  '.cm-tooltip': { ...floating },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { ...mono, maxHeight: '240px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: color('selected'),
    color: color('accent-text'),
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '590' },
  '.cm-completionDetail': {
    marginLeft: '12px',
    color: color('muted'),
    fontStyle: 'normal',
    fontFamily: 'var(--font-sans)',
  },
  '.cm-completionInfo code': { ...mono, backgroundColor: color('hover'), borderRadius: '4px', padding: '0 4px' },
  '.cm-tooltip.cm-completionInfo': {
    width: 'max-content',
    padding: '6px 8px',
    maxWidth: '320px',
    fontFamily: 'var(--font-sans)',
  },
})

const marks = EditorView.theme({
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: `underline wavy ${color('denied-solid')}`,
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
  },
  '.cm-lintPoint:after': { borderBottomColor: color('denied-solid') },
  '.cm-tooltip-lint, .cm-tooltip-hover': { fontFamily: 'var(--font-sans)', fontSize: '13px', maxWidth: '480px' },
  '.cm-diagnostic': { padding: '6px 10px', whiteSpace: 'normal' },
  '.cm-diagnostic-error': { borderLeft: `3px solid ${color('denied-solid')}` },
  '.cm-diagnostic code': { ...mono, backgroundColor: color('hover'), borderRadius: '4px', padding: '0 4px' },
  '.cm-diagnostic .expected': { display: 'block', color: color('muted') },
  '.cm-lint-marker-error': { content: 'none', width: '8px', height: '8px', borderRadius: '999px' },
  '.cm-gutter-lint': { width: '14px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '6px 3px' },
  '.cm-lint-marker': { backgroundColor: color('denied-solid') },
})

const highlight = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: color('code-key') },
  { tag: [tags.string, tags.content], color: color('code-text') },
  { tag: [tags.number], color: color('code-number') },
  { tag: [tags.bool, tags.null, tags.keyword, tags.atom], color: color('code-word') },
  { tag: [tags.lineComment, tags.comment], color: color('faint') },
  { tag: [tags.punctuation, tags.separator, tags.brace, tags.squareBracket], color: color('muted') },
])

/** How the editor looks: our colours and type, in both themes. */
export const editorLook: Extension = [theme, panels, marks, syntaxHighlighting(highlight)]
