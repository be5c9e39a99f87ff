/** A rectangle on the screen, in device-independent pixels. */
export type Area = { x: number; y: number; width: number; height: number }

/** The approval window's width, and the bounds of its height, in pixels. */
export const approvalWidth = 440
export const approvalHeights = { least: 300, most: 680 } as const

/** Space left to the edges of the screen, in pixels. */
const margin = 16

/** The window's height for content of `height` pixels: enough to show it, within bounds, and never more than the screen has. */
export function approvalHeight(height: number, screen: Area): number {
  const wanted = Number.isFinite(height) ? Math.ceil(height) : approvalHeights.least
  const room = Math.max(approvalHeights.least, Math.min(approvalHeights.most, screen.height - 2 * margin))
  return Math.min(room, Math.max(approvalHeights.least, wanted))
}

/** Where it appears: at the upper right of the screen, out of the way of what the person is doing. */
export function firstArea(height: number, screen: Area): Area {
  const x = Math.max(screen.x, screen.x + screen.width - approvalWidth - margin)
  return { x, y: screen.y + margin, width: approvalWidth, height: approvalHeight(height, screen) }
}

/** The same place with a new height; it moves up only as far as its lower edge would leave the screen. */
export function grown(current: Area, height: number, screen: Area): Area {
  const next = approvalHeight(height, screen)
  const lowest = screen.y + screen.height - margin - next
  return { x: current.x, y: Math.max(screen.y, Math.min(current.y, lowest)), width: approvalWidth, height: next }
}
