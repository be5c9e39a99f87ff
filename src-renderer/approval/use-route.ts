import { useCallback, useEffect, useState } from 'react'
import { signInFragment } from '../../shared/page-link.ts'
import { type Route, routeOf } from './route.ts'

/** The place on screen, and the way to another. Back and forward work, and so does a host that changes the address. */
export function useRoute(at: string): [Route, (to: string) => void] {
  const [place, setPlace] = useState(at)
  useEffect(() => {
    const follow = () => {
      const { hash } = window.location
      // Another sign-in link in the same tab: only a fresh page takes its nonce out of the address.
      if (hash.startsWith(`#${signInFragment}=`)) window.location.reload()
      else setPlace(hash.startsWith('#/') ? hash.slice(1) : '/')
    }
    window.addEventListener('hashchange', follow)
    window.addEventListener('popstate', follow)
    return () => {
      window.removeEventListener('hashchange', follow)
      window.removeEventListener('popstate', follow)
    }
  }, [])
  const go = useCallback((to: string) => {
    window.history.pushState(null, '', `#${to}`)
    setPlace(to)
  }, [])
  return [routeOf(place), go]
}
