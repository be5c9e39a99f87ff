import { createContext, useContext } from 'react'

/** Where floating parts are put: inside the open dialog if there is one, since it covers everything outside of itself. */
export const Portal = createContext<HTMLElement | null>(null)

/** The element that floating parts belong into; null means the end of the page. */
export function usePortal(): HTMLElement | null {
  return useContext(Portal)
}
