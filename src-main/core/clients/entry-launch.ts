import type { EntryShape } from './known-client.ts'

/** How an entry starts or reaches its server, as its client wrote it. Values of `env` and `headers` may be secret. */
export type LaunchInput =
  | { transport: 'stdio'; command: string; args: string[]; env: Record<string, string>; cwd: string | null }
  | { transport: 'http'; url: string; headers: Record<string, string> }

/** What starts our shim: what stands in an entry once it is connected. */
export type ShimWords = { command: string; args: readonly string[]; env: Readonly<Record<string, string>> }

/** A change of one key of an entry; `undefined` takes it out. */
export type KeyChange = { key: string; value: unknown }

/** How to reach the server of an entry, or why it cannot be governed. */
export function launchOf(entry: unknown, shape: EntryShape, variables: RegExp): LaunchInput | string {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return 'it is no map of settings'
  const get = (key: string | null) =>
    key !== null && Object.hasOwn(entry, key) ? (entry as Record<string, unknown>)[key] : undefined
  const url = shape.url.map(get).find((value) => value !== undefined)
  const command = get(shape.command)
  if (command === undefined && url === undefined) return `it names neither \`${shape.command}\` nor \`${shape.url[0]}\``
  const filled = [command, get(shape.args), get(shape.env), url, ...shape.headers.map(get)]
  const reference = firstMatch(filled, variables)
  if (reference !== null) {
    return `the client fills in \`${reference}\` when it starts it, which Toolgate cannot: write the value itself, then connect`
  }
  if (command !== undefined) return programOf(command, get)
  return typeof url === 'string' ? remoteOf(url) : 'its address is no text'

  function programOf(words: unknown, at: typeof get): LaunchInput | string {
    const list = shape.args === null ? words : [words, ...texts(at(shape.args) ?? [])]
    if (!isTexts(list) || list.length === 0 || (shape.args !== null && !isTexts(at(shape.args) ?? []))) {
      return 'its command is no list of texts'
    }
    const [program = '', ...args] = list
    const env = textMap(at(shape.env) ?? {})
    const cwd = at(shape.cwd)
    if (program.trim() === '') return 'its command is empty'
    if (!env) return `\`${shape.env}\` is no map of texts`
    if (cwd !== undefined && typeof cwd !== 'string') return `\`${shape.cwd}\` is no text`
    return { transport: 'stdio', command: program, args, env, cwd: cwd ?? null }
  }

  function remoteOf(address: string): LaunchInput | string {
    if (!URL.canParse(address)) return `\`${address}\` is no address`
    if (/^(?:unix|pipe):/i.test(address))
      return 'servers behind a socket or a pipe cannot be reached through Toolgate yet'
    const headers = textMap(shape.headers.map(get).find((value) => value !== undefined) ?? {})
    return headers ? { transport: 'http', url: address, headers } : '`headers` is no map of texts'
  }
}

/** What makes an entry start our shim and nothing else: every other key stays as it is. */
export function shimChanges(entry: unknown, shape: EntryShape, shim: ShimWords): KeyChange[] {
  const keys = typeof entry === 'object' && entry !== null ? Object.keys(entry) : []
  const has = (key: string | null): key is string => key !== null && keys.includes(key)
  const { transport } = shape
  const program =
    shape.args === null
      ? [{ key: shape.command, value: [shim.command, ...shim.args] }]
      : [
          { key: shape.command, value: shim.command },
          { key: shape.args, value: [...shim.args] },
        ]
  const env = Object.keys(shim.env).length > 0
  const gone = [
    ...shape.url,
    ...shape.headers,
    ...shape.drop,
    ...shape.envFrom,
    shape.cwd,
    ...(env ? [] : [shape.env]),
  ].filter(has)
  return [
    ...(transport && (transport.must || has(transport.key)) ? [{ key: transport.key, value: transport.stdio }] : []),
    ...program,
    ...(env ? [{ key: shape.env, value: { ...shim.env } }] : []),
    ...gone.map((key) => ({ key, value: undefined })),
  ]
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
const texts = (value: unknown): string[] => (isTexts(value) ? value : [])

/** Numbers and truth values are texts to a program; null when something else stands there. */
function textMap(value: unknown): Record<string, string> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const members = Object.entries(value)
  if (members.some(([, member]) => !['string', 'number', 'boolean'].includes(typeof member))) return null
  return Object.fromEntries(members.map(([key, member]) => [key, String(member)]))
}

/** The first text in a value that a pattern finds, as it finds it. */
function firstMatch(value: unknown, pattern: RegExp): string | null {
  if (typeof value === 'string') return pattern.exec(value)?.[0] ?? null
  if (typeof value !== 'object' || value === null) return null
  for (const member of Object.values(value)) {
    const found = firstMatch(member, pattern)
    if (found !== null) return found
  }
  return null
}
