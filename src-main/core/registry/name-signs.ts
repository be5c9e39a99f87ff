import { printable } from '../../../shared/printable.ts'

/**
 * Letters that look like another, and digits that look like letters, each with what it looks like (Unicode Technical Standard 39,
 * confusables, as far as names of tools are written). Compatibility forms such as full width are folded before.
 */
const lookalikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'аɑα⍺',
    b: 'ЬƄВβᏏ',
    c: 'сϲᴄ',
    d: 'ԁᏧ',
    e: 'еєℯҽ',
    f: 'ſẝƒ',
    g: 'ɡցǵ',
    h: 'һհΗН',
    i: 'іɩıίΙӏ',
    j: 'јϳ',
    k: 'κкΚК',
    l: '1|ⅼІǀ',
    m: 'мΜМ',
    n: 'ոΝпղ',
    o: '0оοօσⲟ',
    p: 'рρΡ',
    q: 'ԛզ',
    r: 'гᴦꭇ',
    s: 'ѕꜱՏ',
    t: 'тτΤТ',
    u: 'υսᴜ',
    v: 'νѵᴠ',
    w: 'ԝաᴡω',
    x: 'хχΧХ',
    y: 'уγΥү',
    z: 'ᴢΖʐ',
    '-': '‐‑‒–—−⁃',
    _: 'ˍ＿',
    '.': '․·٠۰',
    '/': '∕⁄╱',
  }).flatMap(([plain, like]) => [...like].map((letter) => [letter, plain] as const)),
)

const scripts = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Cherokee',
  'Coptic',
  'Hebrew',
  'Arabic',
  'Han',
  'Hangul',
  'Hiragana',
  'Katakana',
] as const
const scriptShapes = scripts.map((script) => [script, new RegExp(`\\p{Script=${script}}`, 'u')] as const)

/** Scripts that are written together in one word anyway. */
const together = new Set<string>(['Han', 'Hiragana', 'Katakana'])

const longest = 256

/**
 * What a name looks like: two names of the same look cannot be told apart by a person who does not look at each letter. Accents
 * go, case goes, letters become the plain ones that they resemble.
 */
function lookOf(name: string): string {
  const folded = name
    .slice(0, longest)
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\p{Z}]/gu, '')
  const plain = [...folded].map((letter) => lookalikes.get(letter) ?? lookalikes.get(letter.toLowerCase()) ?? letter)
  return plain.join('').toLowerCase().replaceAll('i', 'l').replaceAll('rn', 'm').replaceAll('vv', 'w')
}

/** What is odd about a name by itself: what cannot be seen in it, and letters of several scripts; empty when nothing is. */
function oddities(name: string): string[] {
  const used = scriptShapes.filter(([, shape]) => shape.test(name)).map(([script]) => script)
  const mixed = used.length > 1 && !used.every((script) => together.has(script))
  const hidden = printable(name) !== name
  return [
    ...(hidden ? ['its name holds characters that cannot be seen or that reorder text'] : []),
    ...(mixed ? [`its name mixes letters of several scripts: ${used.join(', ')}`] : []),
    ...(!hidden && !mixed && looksPlain(name) ? ['its name is written with letters that look like plain ones'] : []),
  ]
}

/** Other letters that all look like plain ones; letters with accents are themselves. */
function looksPlain(name: string): boolean {
  const letters = name.slice(0, longest).normalize('NFD').replaceAll(/\p{M}/gu, '')
  return /[^\p{ASCII}]/u.test(letters) && /^\p{ASCII}*$/u.test(lookOf(name))
}

/** A name and whose it is; `tool` is null for the name of a server. */
export type KnownName = { server: string; tool: string | null }

/** Tells of names which of all known ones they can be mistaken for. */
export function createNameSigns(known: Iterable<KnownName>) {
  const byLook = new Map<string, KnownName[]>()
  for (const one of known) {
    const look = `${one.tool === null ? 'server' : 'tool'} ${lookOf(one.tool ?? one.server)}`
    byLook.set(look, [...(byLook.get(look) ?? []), one])
  }
  const words = ({ server, tool }: KnownName) =>
    tool === null ? `server \`${server}\`` : `tool \`${printable(tool)}\` of \`${server}\``

  /** What is odd about a name, of a tool or of a server; empty when nothing is. */
  return ({ server, tool }: KnownName): string[] => {
    const name = tool ?? server
    const alike = byLook.get(`${tool === null ? 'server' : 'tool'} ${lookOf(name)}`) ?? []
    const [other] = alike.filter((one) => (one.tool ?? one.server) !== name)
    return [...oddities(name), ...(other ? [`its name can be mistaken for ${words(other)}`] : [])]
  }
}

/** All names that are registered or reviewed. */
export function namesOf(servers: Iterable<{ name: string; tools: ReadonlyMap<string, unknown> }>): KnownName[] {
  return [...servers].flatMap(({ name: server, tools }) => [
    { server, tool: null },
    ...[...tools.keys()].map((tool) => ({ server, tool })),
  ])
}
