import { pageHeaders } from '../host/page-headers.ts'
import type { RendererFiles } from '../host/renderer-files.ts'
import type { PageDoor } from '../core/control/handlers.ts'
import { doorOf } from './page-address.ts'

/** An answer to a page's request for one of its files. */
export type PageResponse = { status: number; headers: Record<string, string>; body: Buffer<ArrayBuffer> | null }

/**
 * What a page gets: a file that was read when the app started, by its exact address, or nothing. No address ever becomes a
 * path, so none can lead out of the folder.
 */
export function pageResponse(
  request: { method: string; url: string },
  door: PageDoor,
  files: RendererFiles,
): PageResponse {
  const none = (status: number): PageResponse => ({ status, headers: pageHeaders(null), body: null })
  if (doorOf(request.url) !== door) return none(403)
  if (request.method !== 'GET' && request.method !== 'HEAD') return none(405)
  const path = new URL(request.url).pathname
  const file = files.get(path === '/' ? `/${door}.html` : path)
  if (!file || (path.endsWith('.html') && path !== '/')) return none(404)
  return { status: 200, headers: pageHeaders(file), body: request.method === 'HEAD' ? null : file.body }
}
