import type { ClientAccess } from './client-access.ts'

/** How much of all a client can use, in words that follow its name. */
export function accessSentence({ tools, allowed, asks, depends }: ClientAccess['counts']): string {
  if (tools === 0) return 'can call nothing: no tool is registered and reviewed yet'
  const can = allowed + asks + depends
  const parts = [
    ...(asks > 0 ? [`${asks} after a person said yes`] : []),
    ...(depends > 0 ? [`${depends} by what it is asked`] : []),
  ]
  const how = can > 0 && parts.length > 0 ? ` (${parts.join(', ')})` : ''
  return `can call ${can === 0 ? 'none' : can} of ${tools} ${tools === 1 ? 'tool' : 'tools'}${how}`
}
