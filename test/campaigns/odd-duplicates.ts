import fc from 'fast-check'
import { modernMeta } from '../fakes/http-client.ts'
import { oddJson } from './odd-json.ts'

type Pairs = [string, string][]

const make = oddJson({ lines: false, twice: false, depth: 10 })

/** Objects of a call in which a key may be held twice, outermost first. */
const places = ['envelope', 'params', 'arguments', '_meta', 'deep', 'in a list'] as const

/** Another spelling of the same key: some of its characters as escapes. */
function respelled(key: string): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom('as it is', 'lower', 'upper'), { minLength: key.length, maxLength: key.length })
    .map((ways) =>
      [...JSON.stringify(key).slice(1, -1)].map((char, at) => {
        const digits = char.charCodeAt(0).toString(16).padStart(4, '0')
        if (ways[at] === 'as it is') return char
        return `\\u${ways[at] === 'upper' ? digits.toUpperCase() : digits}`
      }),
    )
    .map((parts) => `"${parts.join('')}"`)
}

/** Another key that parsers which do not look at case take for the same; only where that decides what runs. */
function otherCase(key: string): string[] {
  const kinds = [key.toUpperCase(), key.replace('s', '\u017f'), key.replace(/^./, (first) => first.toUpperCase())]
  return kinds.filter((kind) => kind !== key).map((kind) => JSON.stringify(kind))
}

/** Calls of a tool in which one key, anywhere, is held twice, or once more in another spelling. */
export function duplicated(modern: boolean): fc.Arbitrary<string> {
  const meta = Object.entries(modern ? modernMeta : { progressToken: 1 }).map(([key, value]): [string, string] => [
    ...([JSON.stringify(key), JSON.stringify(value)] as [string, string]),
  ])
  const more = fc.array(make.value, { minLength: 1, maxLength: 3 })
  return fc.tuple(fc.constantFrom(...places), more, fc.nat(), fc.boolean()).chain(([place, values, pick, folds]) => {
    const own: Pairs = values.map((value, at) => [`"k${at}"`, value])
    const twice = (members: Pairs, here: boolean): fc.Arbitrary<string> => {
      if (!here) return make.object(fc.constant(members))
      const [keyText = '', value = ''] = members[pick % members.length] ?? []
      const key = JSON.parse(keyText) as string
      const others = folds && ['envelope', 'params', 'arguments'].includes(place) ? otherCase(key) : []
      const decides = place !== 'params' || ['name', 'arguments', '_meta'].includes(key)
      const known = place !== 'envelope' || ['jsonrpc', 'id', 'method', 'params'].includes(key)
      const again = others.length > 0 && decides && known ? fc.constantFrom(...others) : respelled(key)
      const copy = fc.tuple(again, fc.oneof(fc.constant(value), make.value))
      return make.object(copy.map((pair): Pairs => [...members, pair]))
    }
    return twice(own, place === 'deep' || place === 'in a list')
      .chain((inner) => {
        const nested = place === 'in a list' ? `[1,[${inner}]]` : `{"b":${inner}}`
        const given: Pairs = [['"x"', nested], ...(place === 'arguments' ? own : [])]
        return fc.tuple(twice(given, place === 'arguments'), twice(meta, place === '_meta'))
      })
      .chain(([argumentsText, metaText]) =>
        twice(
          [
            ['"name"', '"read_odd"'],
            ['"arguments"', argumentsText],
            ['"_meta"', metaText],
            ['"later"', '1'],
          ],
          place === 'params',
        ),
      )
      .chain((params) =>
        twice(
          [
            ['"jsonrpc"', '"2.0"'],
            ['"id"', '"twice"'],
            ['"method"', '"tools/call"'],
            ['"params"', params],
            ['"later"', '1'],
          ],
          place === 'envelope',
        ),
      )
  })
}
