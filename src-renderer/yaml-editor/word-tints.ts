import { Decoration, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view'

/** Behind `: `, `- `, `[` or `, `: words that mean something by themselves, and numbers. */
const word =
  /(?<=(?::|-|\[|,)\s*)(?:(ALLOW_WITH_CONSTRAINTS|REQUIRE_APPROVAL|ALLOW|DENY|true|false|null)|(-?\d+(?:\.\d+)?))(?=\s*(?:[,\]}]|$|\s#))/g

const tints = new MatchDecorator({
  regexp: word,
  decoration: ([, meaning]) => Decoration.mark({ class: meaning === undefined ? 'cm-number' : 'cm-word' }),
})

/** Tints decisions and numbers, which YAML itself does not tell from other words. */
export const wordTints = ViewPlugin.define(
  (view) => ({
    marks: tints.createDeco(view),
    update(update: ViewUpdate) {
      this.marks = tints.updateDeco(update, this.marks)
    },
  }),
  { decorations: ({ marks }) => marks },
)
