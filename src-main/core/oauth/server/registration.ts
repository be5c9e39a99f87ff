import { printable } from '../../../../shared/printable.ts'

/** What a client said of itself that cannot be taken; the message is in our own words. */
export class Unfit extends Error {}

const longestName = 80
const longestUri = 1_000
const mostRedirects = 10
/** Schemes of redirect addresses that a program of this machine can claim; those of browsers and files never are. */
const privateScheme = /^[a-z][a-z0-9+.-]{1,60}:$/
const neverSchemes = [
  'javascript:',
  'vbscript:',
  'data:',
  'blob:',
  'file:',
  'about:',
  'ftp:',
  'ws:',
  'wss:',
  'view-source:',
]

/**
 * What is kept of a registration (RFC 7591): these fields and no others. Every client is a public one of a person's own machine: it gets no
 * secret, whatever it asks for, and is told so in the answer. Throws Unfit.
 */
export function acceptedMetadata(asked: Record<string, unknown>) {
  const redirects = asked.redirect_uris
  if (!Array.isArray(redirects) || redirects.length === 0) throw new Unfit('`redirect_uris` is missing')
  if (redirects.length > mostRedirects) throw new Unfit(`\`redirect_uris\` may hold ${mostRedirects} addresses`)
  const purpose = text(asked.purpose, 300)
  return {
    client_name: text(asked.client_name, longestName) || 'unnamed app',
    redirect_uris: redirects.map(checkedRedirect),
    ...webAddress('client_uri', asked.client_uri),
    ...webAddress('logo_uri', asked.logo_uri),
    ...(purpose === '' ? {} : { purpose }),
    application_type: 'native' as const,
    token_endpoint_auth_method: 'none' as const,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
  }
}

/** A redirect address as it may be registered: https, http to this machine, or a scheme of the client's own. Throws Unfit. */
export function checkedRedirect(uri: unknown): string {
  if (typeof uri !== 'string' || uri.length > longestUri) throw new Unfit('a redirect address is no text or too long')
  const shown = printable(uri).slice(0, 100)
  // A parser repairs what is hidden or turned around; what is compared must be what a person reads.
  if (shown !== uri.slice(0, 100) || /[^\x21-\x7e]|\\/.test(uri) || !URL.canParse(uri)) {
    throw new Unfit(`the redirect address \`${shown}\` is no plain URL`)
  }
  const { protocol, hostname, username, password } = new URL(uri)
  if (username !== '' || password !== '')
    throw new Unfit(`the redirect address \`${shown}\` holds a name or a password`)
  if (uri.includes('#')) throw new Unfit(`the redirect address \`${shown}\` has a fragment`)
  const local = isLoopback(hostname)
  if (protocol === 'https:' && !local) return uri
  if (protocol === 'http:' && local) return uri
  if (protocol === 'http:' || protocol === 'https:') {
    throw new Unfit(`the redirect address \`${shown}\` must be https, or http to this machine`)
  }
  if (!privateScheme.test(protocol) || neverSchemes.includes(protocol)) {
    throw new Unfit(`the redirect address \`${shown}\` has a scheme that is never used`)
  }
  return uri
}

/** Whether a host is this machine (RFC 8252, 7.3). */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}

function text(value: unknown, most: number): string {
  return typeof value === 'string' ? printable(value.trim()).slice(0, most) : ''
}

function webAddress(name: string, value: unknown): Record<string, string> {
  if (typeof value !== 'string' || value.length > longestUri || !URL.canParse(value)) return {}
  return new URL(value).protocol === 'https:' ? { [name]: value } : {}
}
