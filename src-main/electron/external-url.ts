const lengthLimit = 2_000

/**
 * An address that may be handed to the system's browser: https, without a user or password in it, of at most 2,000
 * characters; null for everything else, since a system opens many schemes by running programs.
 */
export function externalUrl(address: string): string | null {
  const url = address.length <= lengthLimit ? URL.parse(address) : null
  if (url?.protocol !== 'https:' || url.username || url.password || !url.hostname) return null
  return url.href
}
