/**
 * What a place in an answer is: the frame that MCP gives (`result`, `error`, `block`), what a server put there (`data`), bytes in
 * base64 (`bytes`), or what no reader of data looks at (`opaque`): marks of the protocol, schemas, state that must come back as it went.
 */
export type Place = 'result' | 'error' | 'block' | 'data' | 'bytes' | 'opaque'

const inResult: Record<string, Place> = {
  ...{ content: 'block', contents: 'block', messages: 'block' },
  ...{ isError: 'opaque', resultType: 'opaque', nextCursor: 'opaque', requestState: 'opaque', inputRequests: 'opaque' },
  ...{ ttlMs: 'opaque', cacheScope: 'opaque' },
  ...{ structuredContent: 'data', _meta: 'data', description: 'data' },
}

const inBlock: Record<string, Place> = {
  ...{ resource: 'block', content: 'block' },
  ...{ data: 'bytes', blob: 'bytes' },
  ...{ type: 'opaque', role: 'opaque', mimeType: 'opaque', uri: 'opaque', annotations: 'opaque', icons: 'opaque' },
  ...{ text: 'data', name: 'data', title: 'data', description: 'data', _meta: 'data' },
}

const inError: Record<string, Place> = { code: 'opaque', message: 'data', data: 'data' }

/** The place of a member or, with `key` null, of an element; `framed`: its name is one of MCP's own and no name of data. */
export function placeIn(parent: Place, key: string | null): { place: Place; framed: boolean } {
  const names = parent === 'result' ? inResult : parent === 'block' ? inBlock : parent === 'error' ? inError : null
  if (names === null || key === null) return { place: parent, framed: false }
  const place = Object.hasOwn(names, key) ? names[key] : undefined
  return place === undefined ? { place: 'data', framed: false } : { place, framed: true }
}
