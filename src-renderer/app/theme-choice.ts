import { createStore, useStore } from 'zustand'

/** What a person chose: one theme, or that of the system. */
export type ThemeChoice = 'system' | 'light' | 'dark'

const keptAs = 'toolgate.theme'
const order: readonly ThemeChoice[] = ['system', 'light', 'dark']
const kept = localStorage.getItem(keptAs)
const store = createStore<ThemeChoice>(() => order.find((it) => it === kept) ?? 'system')

/** Puts the chosen theme on the page; before anything is drawn. */
export function applyTheme(): void {
  const choice = store.getState()
  if (choice === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = choice
}

/** The chosen theme. */
export function useTheme(): ThemeChoice {
  return useStore(store)
}

/** Chooses the next theme: system, light, dark, and round again. */
export function nextTheme(): void {
  const next = order[(order.indexOf(store.getState()) + 1) % order.length] ?? 'system'
  store.setState(next, true)
  localStorage.setItem(keptAs, next)
  applyTheme()
}
