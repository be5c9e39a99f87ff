// Functions that tests run inside a page. They are sent there as text, so each stands for itself and imports nothing.

/** Reports every violation of the page's content security policy, from its first moment on. */
export function reportViolations() {
  addEventListener('securitypolicyviolation', (event) => {
    globalThis.toolgateTestComplaint(`content security policy: ${event.effectiveDirective} forbids ${event.blockedURI}`)
  })
}

/**
 * Scrolls an element to its farther end in steps, one a frame, and gives how far that was in pixels. A jump back would be no scrolling.
 * @param {Element} element
 * @param {number} steps
 */
export async function scrollThrough(element, steps) {
  const way = element.scrollHeight - element.clientHeight
  const down = element.scrollTop < way / 2
  for (let step = 1; step <= steps; step++) {
    element.scrollTop = (way * (down ? step : steps - step)) / steps
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  return way
}

/**
 * Stands for the desktop app's preload: lines to the host of the page and back. `hear` says one as the window itself does.
 * @param {string} nonce of a sign-in link
 */
export function carryLines(nonce) {
  /** @type {((line: string) => void)[]} */
  const listeners = []
  /** @param {string} line */
  const hear = (line) => {
    for (const listener of listeners) listener(line)
  }
  const socket = new WebSocket(`ws://${location.host}/socket`)
  const welcomed = new Promise((resolve) => {
    socket.onopen = () => socket.send(JSON.stringify({ sign_in: nonce }))
    socket.onmessage = () => {
      socket.onmessage = ({ data }) => hear(String(data))
      resolve(null)
    }
  })
  const bridge = {
    /** @param {string} line */
    send: (line) => void welcomed.then(() => socket.send(line)),
    /** @param {(line: string) => void} listener */
    onLine: (listener) => void listeners.push(listener),
  }
  Object.assign(globalThis, { hear, bridge })
}

/**
 * Scrolls an element to what is its end now.
 * @param {Element} element
 */
export function scrollToEnd(element) {
  element.scrollTop = element.scrollHeight
}
