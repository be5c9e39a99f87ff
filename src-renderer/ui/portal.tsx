import { createContext, useContext, useSyncExternalStore } from 'react'

/** Where floating parts are put: inside the open dialog if there is one, since it covers everything outside of itself. */
export const Portal = createContext<HTMLElement | null>(null)

/** The element that floating parts belong into: a dialog, else the main part of the page, so that they lie in a landmark as well. */
export function usePortal(): HTMLElement | null {
  // What is drawn together with the main part finds it right after that, by being a store that tells no changes.
  const main = useSyncExternalStore(untold, mainPart)
  return useContext(Portal) ?? main
}

function untold(): () => void {
  return () => undefined
}

function mainPart(): HTMLElement | null {
  return document.querySelector('main')
}
