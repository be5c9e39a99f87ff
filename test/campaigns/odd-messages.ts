import fc from 'fast-check'
import { modernMeta } from '../fakes/http-client.ts'
import { idText, numberText, oddJson, type Spelling, stringText } from './odd-json.ts'

/** What a client sends and what the server is asked to answer, as texts; in the latter the id is `@ID@`, the token `@TOKEN@`. */
export type OddRequest = {
  method: string
  id: string
  token: string | null
  /** The request under this id and token. */
  text: (id: string, token: string | null) => string
  /** What the server sends before its answer, and its answer. */
  first: string[]
  answer: string
  json: boolean
}

const envelope = ['jsonrpc', 'id', 'method', 'params', 'result', 'error']
/** Keys that must be spelled as they are, as `folded` gives them. */
const decisive = ['name', 'arguments', 'uri', 'task', '_meta', 'inputresponses', 'requeststate']
const base64 = (text: string) => Buffer.from(text).toString('base64')

type Pairs = [string, string][]

const results = { lines: false, twice: true, depth: 3_000 }
const answers = oddJson(results)
const version = fc.constant<[string, string]>(['"jsonrpc"', '"2.0"'])

/** A text of the envelope with these members, unknown ones beside them, in any order and spacing. */
function message(make: ReturnType<typeof oddJson>, members: fc.Arbitrary<Pairs>, keys: readonly string[]) {
  const unknown = fc
    .uniqueArray(fc.tuple(stringText, make.value), { maxLength: 2, selector: ([key]) => JSON.parse(key).toLowerCase() })
    .map((pairs) => pairs.filter(([key]) => !keys.includes(JSON.parse(key).toLowerCase())))
  const all = fc.tuple(version, members, unknown).map(([first, own, more]): Pairs => [first, ...own, ...more])
  // Some programs end lines as Windows does.
  const end = fc.oneof({ arbitrary: make.gap, weight: 4 }, fc.constant('\r'))
  return fc.tuple(make.gap, make.object(all), end).map((parts) => parts.join(''))
}

/** An answer of any content to the request `id`. */
function oddAnswer(id: string, make = answers): fc.Arbitrary<string> {
  const result = make.object(make.members()).map((text): Pairs => [['"result"', text]])
  const error = make
    .object(
      fc.tuple(
        fc.constant<[string, string]>(['"code"', '-32000']),
        ...[fc.constant<[string, string]>(['"message"', '"no"'])],
      ),
    )
    .map((text): Pairs => [['"error"', text]])
  const own = fc.oneof({ arbitrary: result, weight: 4 }, error).map((pairs): Pairs => [['"id"', id], ...pairs])
  return message(make, own, envelope)
}

/** News of progress, as a server may word it. */
const progress = message(
  oddJson({ ...results, twice: false }),
  oddJson({ ...results, twice: false })
    .object(
      fc.tuple(
        fc.constant<[string, string]>(['"progressToken"', '@TOKEN@']),
        fc.tuple(fc.constant('"progress"'), numberText),
      ),
    )
    .map(
      (params): Pairs => [
        ['"method"', '"notifications\\/progress"'],
        ['"params"', params],
      ],
    ),
  envelope,
)

/** What a server says of itself, and the client's answer when it asks something. */
export type ServerSays = { says: string; answer: string | null }

const news = [
  'notifications/message',
  'notifications/resources/updated',
  'notifications/tasks/status',
  'notifications/x',
]
const questions = ['sampling/createMessage', 'elicitation/create', 'roots/list', 'ping', 'vendor/asks']

/** Notifications and requests of a server of the older generation, and answers; `lines`: those may hold line ends. */
export function fromServer(lines: boolean): fc.Arbitrary<ServerSays> {
  const make = oddJson({ ...results, twice: false })
  const params = make.object(make.members(make.value, decisive))
  const says = (own: Pairs) =>
    message(
      make,
      params.map((text): Pairs => [...own, ['"params"', text]]),
      envelope,
    )
  const method = (name: string): [string, string] => ['"method"', JSON.stringify(name)]
  const tells = fc
    .constantFrom(...news)
    .chain((name) => says([method(name)]))
    .map((text) => ({ says: text, answer: null }))
  const asks = fc
    .tuple(fc.constantFrom(...questions), idText)
    .chain(([name, id]) => fc.tuple(says([method(name), ['"id"', id]]), oddAnswer(id, oddJson({ ...results, lines }))))
    .map(([text, answer]) => ({ says: text, answer }))
  return fc.oneof(tells, asks)
}

/** A message of a client other than a request. */
export function oddNotification(lines: boolean): fc.Arbitrary<string> {
  const make = oddJson({ lines, twice: false, depth: 60 })
  const params = make.object(make.members(make.value, decisive))
  const own = fc.constantFrom('"notifications/odd"', '"notifications/roots/list_changed"', '"notif\\u0069cations\\/x"')
  return message(
    make,
    fc.tuple(own, params).map(
      ([method, text]): Pairs => [
        ['"method"', method],
        ['"params"', text],
      ],
    ),
    envelope,
  )
}

/** What `completion/complete` is about, without which it is refused. */
const ref: Pairs = [['"ref"', '{"type":"ref/prompt","name":"p"}']]

const marker = (name: string) => `@MARK-${name}@`

/** Calls, and requests that policy does not decide, in spellings of all kinds. */
export function oddRequest({ modern, http }: { modern: boolean; http: boolean }): fc.Arbitrary<OddRequest> {
  const spelling: Spelling = { lines: http, twice: false, depth: 55 }
  const make = oddJson(spelling)
  const methods = fc.constantFrom(
    ...[
      ['tools/call', '"tools/call"'],
      ['tools/call', '"tools\\/call"'],
      ['tools/call', '"tool\\u0073/call"'],
    ],
    ...[
      ['vendor/new', '"vendor/new"'],
      ['completion/complete', '"completion/complete"'],
      ['ping', '"ping"'],
    ],
  )
  const token = fc.option(
    fc.oneof(
      numberText.filter((text) => Number.isFinite(Number(text))),
      stringText,
    ),
  )
  const first = fc.array(progress, { maxLength: 2 })
  return fc
    .record({ names: methods, id: idText, token, first, answer: oddAnswer('@ID@'), json: fc.boolean() })
    .chain(({ names: [method = '', written = ''], id, token, first, answer, json }) => {
      const news = token === null || json ? [] : first
      // Where ids are renamed the server knows best what it got; else it says the very text.
      const asked = (template: string) =>
        modern ? template : template.replaceAll('@ID@', () => id).replaceAll('@TOKEN@', () => token ?? '')
      const script: Pairs = [
        ['"answer"', JSON.stringify(base64(asked(answer)))],
        ['"first"', JSON.stringify(news.map((text) => base64(asked(text))))],
      ]
      const meta = Object.entries(modern ? modernMeta : {}).map(([key, value]): [string, string] => [
        JSON.stringify(key),
        JSON.stringify(value),
      ])
      const own: Pairs = token === null ? meta : [...meta, ['"progressToken"', marker('TOKEN')]]
      const inMeta = make.members(make.value, ['progresstoken']).map((more): Pairs => [...own, ...more])
      const call = method === 'tools/call'
      const inArguments = make.members().map((more): Pairs => [...script, ...more])
      const params = fc
        .tuple(make.object(inMeta), make.object(inArguments), make.members(make.value, decisive))
        .map(([metaText, argumentsText, more]): Pairs => {
          const about: Pairs = call
            ? [
                ['"name"', '"read_odd"'],
                ['"arguments"', argumentsText],
              ]
            : [...(method === 'completion/complete' ? ref : []), ...script]
          return [...(own.length > 0 ? ([['"_meta"', metaText]] as Pairs) : []), ...about, ...more]
        })
      const envelopeOf = make.object(params).map(
        (text): Pairs => [
          ['"id"', marker('ID')],
          ['"method"', written],
          ['"params"', text],
        ],
      )
      return message(make, envelopeOf, envelope).map((template) => ({
        ...{ method, id, token, first: news, answer, json },
        text: (idNow: string, tokenNow: string | null) =>
          template.replace(marker('ID'), () => idNow).replace(marker('TOKEN'), () => tokenNow ?? ''),
      }))
    })
}
