import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { Area } from './approval-size.ts'

/** Size of the app's window when none is remembered, and the smallest that it can have, in pixels. */
export const appSize = { width: 1280, height: 800, minWidth: 900, minHeight: 600 } as const

/** Where the window was and whether it filled the screen. */
export type WindowPlace = Area & { maximized: boolean }

const Remembered = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(appSize.minWidth).max(20_000),
  height: z.int().min(appSize.minHeight).max(20_000),
  maximized: z.boolean(),
})

/** The remembered place; null when there is none that can be read. */
export function readPlace(file: string): WindowPlace | null {
  try {
    return Remembered.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Missing or damaged: the window opens as it did the first time.
    return null
  }
}

/** Remembers a place; losing it costs nobody anything, so a full disk is no failure here. */
export function writePlace(file: string, place: WindowPlace): void {
  try {
    writeFileSync(file, `${JSON.stringify(place)}\n`, { mode: 0o600 })
  } catch {
    // The window then opens as it did the first time.
  }
}

/** Enough of the title bar must be on some screen to be dragged, in pixels. */
const grip = { width: 120, height: 40 } as const

/** Where the window opens: as remembered when that is still on a screen, since screens come and go; else centred by the system. */
export function openingPlace(
  place: WindowPlace | null,
  screens: readonly Area[],
): Partial<Area> & { width: number; height: number } {
  if (!place) return { width: appSize.width, height: appSize.height }
  const { x, y, width, height } = place
  const reachable = screens.some(
    (screen) =>
      Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x) >= grip.width &&
      y >= screen.y &&
      y + grip.height <= screen.y + screen.height,
  )
  return reachable ? { x, y, width, height } : { width, height }
}
