import { createTwoFilesPatch } from 'diff'
import { maskText } from '../safety/scan.ts'
import { findInText } from '../safety/screen.ts'
import { type Place, valueIn } from './documents/document.ts'
import { decodeConfig, openDocument } from './documents/open-document.ts'
import type { ConfigFile, KnownClient } from './known-client.ts'
import { readConfig } from './plan-connect.ts'

/** What stands in a diff in the place of a value that nobody is to see. */
const mask = '•••'

/**
 * The difference between two versions of a configuration as people may see it: values of environments, headers and sign-ins are
 * masked, and whatever else looks like a secret. Throws `UnreadableConfig`.
 */
export function maskedDiff(file: ConfigFile, client: KnownClient, before: Uint8Array, after: Uint8Array): string {
  const [old, fresh] = [before, after].map((bytes) => maskedText(file, client, bytes)) as [string, string]
  const patch = createTwoFilesPatch(file.path, file.path, old, fresh, '', '', { context: 3 })
  const lines = patch.split('\n').map((line) => line.replace(/^((?:---|\+\+\+) .*)\t$/, '$1'))
  return lines.slice(lines.findIndex((line) => line.startsWith('--- '))).join('\n')
}

function maskedText(file: ConfigFile, client: KnownClient, bytes: Uint8Array): string {
  let { text } = decodeConfig(bytes)
  const { data } = openDocument(file.format, text)
  const { env, headers, drop } = file.shape
  const secret = readConfig(file, client, bytes).flatMap(({ place }) =>
    [env, ...headers, ...drop].flatMap((key) => leaves([...place, key], valueIn(data, [...place, key]))),
  )
  for (const place of secret) text = openDocument(file.format, text).set(place, mask)
  return maskText(text, findInText(text))
}

/** Places of texts in a value; numbers and truth values are no secrets. */
function leaves(place: Place, value: unknown): Place[] {
  if (typeof value === 'string') return value === '' ? [] : [place]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.length > 0 ? [place] : []
  return Object.entries(value).flatMap(([key, member]) => leaves([...place, key], member))
}
