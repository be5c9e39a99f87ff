/** Places in a schema that may be looked at, with each reference followed each time it is met: a hostile one grows without end. */
const mostPlaces = 5_000

/**
 * Whether checking by a schema takes a bounded time: it stays small when every reference in it is followed, and refers to nothing but
 * itself. One that holds itself does not stay small.
 */
export function staysSmall(schema: object): boolean {
  const rest: unknown[] = [schema]
  for (let places = 0; rest.length > 0; places++) {
    if (places > mostPlaces || rest.length > mostPlaces) return false
    const value = rest.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [key, member] of Object.entries(value)) {
      if (!/^\$(dynamic|recursive)?ref$/i.test(key) || typeof member !== 'string') rest.push(member)
      // A name (`#a`) would have to be looked for.
      else if (!/^#(\/|$)/.test(member)) return false
      else rest.push(placeOf(schema, member))
    }
  }
  return true
}

/** What a reference by place (`#/$defs/a`) leads to. */
function placeOf(schema: object, reference: string): unknown {
  let value: unknown = schema
  for (const part of reference.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
