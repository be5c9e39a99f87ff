/** The one host under which a page's listener answers, as `Host` says it. */
export function hostOf(port: number): string {
  return `127.0.0.1:${port}`
}

/** The one origin of the page that is served at `port`. */
export function originOf(port: number): string {
  return `http://${hostOf(port)}`
}

/** What a page that is served at `port` may connect to; not every browser counts a WebSocket of the same host and port as 'self'. */
export function connectOf(port: number): string {
  return `'self' ws://${hostOf(port)}`
}
