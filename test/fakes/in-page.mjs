// Functions that tests run inside a page. They are sent there as text, so each stands for itself and imports nothing.

/** Reports every violation of the page's content security policy, from its first moment on. */
export function reportViolations() {
  addEventListener('securitypolicyviolation', (event) => {
    globalThis.toolgateTestComplaint(`content security policy: ${event.effectiveDirective} forbids ${event.blockedURI}`)
  })
}

/**
 * Scrolls an element to its end in steps, one a frame. Gives the longest task in ms (0 when none took 50 ms or more, the
 * least that browsers report), and the longest time between two frames.
 * @param {Element} element
 * @param {number} steps
 */
export async function scrollThrough(element, steps) {
  // Not the time that a frame is given, which is rounded to the screen's rhythm.
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())))
  let task = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) task = Math.max(task, duration)
  })
  observer.observe({ type: 'longtask' })
  let [gap, last] = [0, await frame()]
  const way = element.scrollHeight - element.clientHeight
  for (let step = 1; step <= steps; step++) {
    element.scrollTop = (way * step) / steps
    const now = await frame()
    gap = Math.max(gap, now - last)
    last = now
  }
  // A long task is told after it has ended: let what is under way come in.
  await new Promise((resolve) => setTimeout(resolve, 100))
  for (const { duration } of observer.takeRecords()) task = Math.max(task, duration)
  observer.disconnect()
  return { task, gap, way }
}
