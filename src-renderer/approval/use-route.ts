import { useCallback, useEffect, useState } from 'react'
import { type Route, routeOf } from './route.ts'

/** The place on screen, and the way to another. Back and forward work, and so does a host that changes the address. */
export function useRoute(at: string): [Route, (to: string) => void] {
  const [place, setPlace] = useState(at)
  useEffect(() => {
    const follow = () => {
      const { hash } = window.location
      setPlace(hash.startsWith('#/') ? hash.slice(1) : '/')
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
