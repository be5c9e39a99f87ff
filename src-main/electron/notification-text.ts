import { printable } from '../../shared/printable.ts'
import type { Notification } from '../core/ports.ts'

const titleLimit = 80
const bodyLimit = 240

/**
 * A notification as a system may show it. Names in it come from clients and servers: hidden characters become visible, and
 * nothing is left that a desktop would read as markup or a link. Cut where a desktop would cut it; the window shows all.
 */
export function notificationText({ title, body }: Notification): { title: string; body: string } {
  return { title: plain(title, titleLimit), body: plain(body, bodyLimit) }
}

function plain(text: string, limit: number): string {
  const safe = printable(text).replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆')
  const shown = [...safe]
  return shown.length <= limit ? safe : `${shown.slice(0, limit - 1).join('')}…`
}
