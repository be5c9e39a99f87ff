import { createStore } from 'zustand/vanilla'

/** Whether a person can see the page; `times` counts how often it came into sight or to the front, or left. */
export type Sight = { seen: boolean; times: number }

/** What is known of that. A covered window counts as seen: no browser tells, but it must come to the front to be used. */
export const sight = createStore<Sight>(() => ({ seen: !document.hidden, times: 0 }))

let shown = true

function look(): void {
  sight.setState(({ times }) => ({ seen: shown && !document.hidden, times: times + 1 }))
}

document.addEventListener('visibilitychange', look)
window.addEventListener('focus', look)
// The page of the desktop app stays awake while its window is hidden, so the window tells.
window.addEventListener('toolgate:sight', ({ detail }) => {
  shown = detail
  look()
})
