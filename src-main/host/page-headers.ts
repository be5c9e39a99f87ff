/**
 * What every answer to a page says, refusals included: run, load and connect to nothing but its own origin, and be framed,
 * opened and read by nobody else (CSP level 3; Fetch, CORP; HTML, COOP). No CORS header is ever sent. `connect`: what the
 * page may connect to.
 */
export function pageHeaders(connect: string): Record<string, string> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      "img-src 'self' data:",
      `connect-src ${connect}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // Pages of other ports are of the same site; they share no process with this one.
    'Origin-Agent-Cluster': '?1',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-DNS-Prefetch-Control': 'off',
    'Permissions-Policy':
      'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=(), clipboard-read=(), clipboard-write=(self)',
  }
}

/** How long a browser may keep a file: a page never, a file whose name holds its hash for good. */
export function cacheControl(hashed: boolean): string {
  return hashed ? 'private, max-age=31536000, immutable' : 'no-store'
}
