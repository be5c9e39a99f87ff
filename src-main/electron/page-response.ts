import type { PageDoor } from '../../shared/calls.ts'
import type { PageFiles } from '../host/built-pages.ts'
import { cacheControl, pageHeaders } from '../host/page-headers.ts'
import { doorOf } from './page-address.ts'

/** An answer to a page's request for one of its files. */
export type PageResponse = { status: number; headers: Record<string, string>; body: Uint8Array<ArrayBuffer> | null }

/**
 * What a page gets: a file that was read when the app started, by its exact path, or nothing. No address ever becomes a path
 * of the file system, so none can lead out of the folder. Pages connect to nothing: their lines go through the window.
 */
export function pageResponse(request: { method: string; url: string }, door: PageDoor, files: PageFiles): PageResponse {
  const url = doorOf(request.url) === door ? new URL(request.url) : null
  const file = url && !url.search ? files.get(url.pathname) : undefined
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const status = !url ? 403 : !reads ? 405 : file ? 200 : 404
  const headers = { ...pageHeaders("'none'"), 'Cache-Control': cacheControl(status === 200 && file?.hashed === true) }
  if (status !== 200 || !file) return { status, headers, body: null }
  const body = request.method === 'HEAD' ? null : new Uint8Array(file.bytes)
  return { status, headers: { ...headers, 'Content-Type': file.type }, body }
}
