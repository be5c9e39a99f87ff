import fc from 'fast-check'

/** JSON as text, in spellings that no serializer would choose and every parser must take. */
type Text = fc.Arbitrary<string>

/** One form for the spellings of a key that a case-insensitive parser takes for the same. */
const folded = (keyText: string) => (JSON.parse(keyText) as string).toUpperCase().toLowerCase()

/** Two hexadecimal cases, lone surrogates and NUL among them. */
const escaped: Text = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 0xffff }), fc.boolean())
    .map(([unit, upper]) => unit.toString(16).padStart(4, '0')[upper ? 'toUpperCase' : 'toLowerCase']())
    .map((digits) => `\\u${digits}`),
  fc.constantFrom('\\u0000', '\\ud800', '\\uDFFF\\ud83d', '\\ud83d\\ude00', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t'),
  fc.constantFrom('\\"', '\\\\', '\\\\\\"'),
)

/** Any code point that may stand in a string as it is; else its escape. */
const literal: Text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 1 })
  .map((char) =>
    char < ' ' || char === '"' || char === '\\' ? `\\u00${char.charCodeAt(0).toString(16).padStart(2, '0')}` : char,
  )

const marks: Text = fc.constantFrom('{', '}', '[', ']', ':', ',', '\u2028', '\ufeff', '\u007f', 'data: ', 'e', '\u0130')

export const stringText: Text = fc
  .array(fc.oneof({ arbitrary: literal, weight: 4 }, { arbitrary: escaped, weight: 3 }, marks), { maxLength: 10 })
  .map((parts) => `"${parts.join('')}"`)

/** No integer of 13 to 16 digits that may be the number of a card: those are masked, and that is policy. */
export const numberText: Text = fc.oneof(
  fc.constantFrom('1.0', '1e2', '1E+2', '-0', '-0.0', '0.10', '1e-7', '1.50e3', '1e400', '-1e-400'),
  fc.constantFrom('9007199254740993', '-9007199254740993', '18446744073709551615', '1.7976931348623157e+308'),
  fc.bigInt({ min: 10n ** 17n, max: 10n ** 40n }).map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number.toExponential()),
)

/** The text of an id: any string, any number. */
export const idText: Text = fc.oneof(
  fc.integer({ min: -5, max: 99 }).map(String),
  fc.constantFrom('9007199254740993', '1.0', '1e2', '-0', '""', '"1"', '"\\u0000"', '"\\ud800"', '"raw \\"}"'),
  stringText,
)

const keyText: Text = fc.oneof(
  { arbitrary: stringText, weight: 3 },
  fc.constantFrom('"id"', '"method"', '"params"', '"na\\u006de"', '"__proto__"', '"constructor"', '""', '"jsonrpc"'),
)

/** White space between the parts of a text; line ends among it when `lines`, as only HTTP bodies may have. */
function space(lines: boolean): Text {
  const some = fc.constantFrom(' ', '\t', '  \t', ...(lines ? ['\n', '\r\n', '\r', '\n\n'] : []))
  return fc.oneof({ arbitrary: fc.constant(''), weight: 6 }, some)
}

const deepest = 50

/** How texts may be written. `twice`: objects may hold a key twice. `depth`: how deep a value may be nested at most. */
export type Spelling = { lines: boolean; twice: boolean; depth: number }

/** Everything that makes texts of one spelling. */
export function oddJson({ lines, twice, depth }: Spelling) {
  const gap = space(lines)
  const deep = fc
    .tuple(fc.oneof(fc.integer({ min: 1, max: deepest }), fc.constant(depth)), fc.boolean())
    .map(([n, array]) => (array ? `${'['.repeat(n)}${']'.repeat(n)}` : `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`))

  /** An object with these members in any order. */
  function object(members: fc.Arbitrary<[string, string][]>): Text {
    return fc
      .tuple(
        members.chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
        fc.infiniteStream(gap),
      )
      .map(([all, gaps]) => {
        const next = () => gaps.next().value
        const written = all.map(([key, value]) => `${next()}${key}${next()}:${next()}${value}${next()}`)
        return `{${written.join(',')}${all.length === 0 ? next() : ''}}`
      })
  }

  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('true', 'false', 'null'),
      stringText,
      numberText,
      deep,
      fc
        .array(
          fc.tuple(gap, tie('value'), gap).map((parts) => parts.join('')),
          { maxLength: 4 },
        )
        .map((items) => `[${items.join(',')}]`),
      object(members(tie('value'))),
    ),
  }))

  /** Members of an object, none of whose keys is taken for one of `but`. */
  function members(of: Text = value, but: readonly string[] = []): fc.Arbitrary<[string, string][]> {
    const selector = twice ? undefined : ([key]: [string, string]) => folded(key)
    const key = keyText.filter((text) => !but.includes(folded(text)))
    const pair: fc.Arbitrary<[string, string]> = fc.tuple(key, of)
    return selector ? fc.uniqueArray(pair, { maxLength: 3, selector }) : fc.array(pair, { maxLength: 3 })
  }

  return { value, gap, members, object }
}
