import { useSyncExternalStore } from 'react'

/**
 * Where the app is, from the fragment of its address: `#/activity/call-1?show=denied` is the place `/activity/call-1` with the
 * query `show=denied`. The router's own hook would put the query before the fragment, where it is sent to the host.
 */
export function useHashPlace(): [place: string, go: typeof go] {
  return [useSyncExternalStore(subscribe, place), go]
}

/** The query of the place. The router decodes it once, as it does places; what is decoded here again must outlast that. */
useHashPlace.searchHook = (): string => useSyncExternalStore(subscribe, query).replaceAll('%', '%25')

/** What a link to a place looks like in the page. */
useHashPlace.hrefs = (to: string): string => `#${to}`

function go(to: string, { replace = false, state = null }: { replace?: boolean; state?: unknown } = {}): void {
  const oldURL = location.href
  history[replace ? 'replaceState' : 'pushState'](state, '', `#${to}`)
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: location.href }))
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

function place(): string {
  return `/${fragment().split('?')[0]}`
}

function query(): string {
  const at = fragment().indexOf('?')
  return at < 0 ? '' : fragment().slice(at + 1)
}

function fragment(): string {
  return location.hash.replace(/^#?\/?/, '')
}
