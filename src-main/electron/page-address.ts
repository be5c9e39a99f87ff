import type { PageDoor } from '../../shared/calls.ts'

/** The scheme of our pages; each door is a host of it, and so an origin of its own. */
export const pageScheme = 'toolgate'

/** Address of a door's page, such as `toolgate://approval/#/servers/files`. `at` is a place in it, which whoever names it has checked. */
export function pageAddress(door: PageDoor, at?: string): string {
  return `${pageScheme}://${door}/${at === undefined ? '' : `#${at}`}`
}

const doors: readonly PageDoor[] = ['app', 'approval']

/**
 * The door that an address belongs to, or null. Exactly ours: no user, no port, no other spelling of scheme or host
 * (URL's own `origin` is `null` for schemes that it does not know).
 */
export function doorOf(address: string): PageDoor | null {
  const url = URL.parse(address)
  if (!url || url.protocol !== `${pageScheme}:` || url.username || url.password || url.port) return null
  return doors.find((door) => url.host === door && address.startsWith(pageAddress(door))) ?? null
}

/** Whether the approval page at this address shows what waits, rather than another of its places, such as `/servers`. */
export function showsRequests(address: string): boolean {
  const place = URL.parse(address)?.hash.slice(1) ?? ''
  return place === '' || place === '/' || place.startsWith('/approvals/')
}
