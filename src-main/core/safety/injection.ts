/** Wording that speaks to a model behind the person's back, by name of what it is. */
const signs: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'asks the model to ignore its instructions',
    /\b(ignore|disregard|forget)\b.{0,40}\b(previous|prior|above|earlier|other)\b.{0,30}\b(instruction|prompt|rule|tool)/is,
  ],
  [
    'asks the model to hide something',
    /\b(do not|don't|never)\b.{0,30}\b(tell|mention|inform|reveal|show)\b.{0,30}\b(user|human|person|anyone)/is,
  ],
  ['holds markup meant for a model', /<\/?(important|system|instructions?|secret|assistant|hidden)\b[^>]{0,80}>/i],
  [
    'tells the model what to do before any other tool',
    /\b(before|prior to)\b.{0,30}\b(using|calling|running)\b.{0,30}\b(this|any|other)\b.{0,20}\btool/is,
  ],
  [
    'asks for keys or credentials',
    /\b(read|send|include|pass|attach)\b.{0,60}(\.ssh|id_rsa|\.env\b|api[_ ]?key|credential|password|private key)/is,
  ],
]

/** Characters that a person cannot see but a model reads: zero width, bidirectional controls, tag characters. */
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u

/** What in a text (a description, instructions) looks like an attempt to steer the model; empty when nothing does. */
export function injectionSigns(text: string): string[] {
  const found = signs.filter(([, pattern]) => pattern.test(text.slice(0, 65_536))).map(([name]) => name)
  if (invisible.test(text)) found.push('holds invisible characters')
  return found
}
