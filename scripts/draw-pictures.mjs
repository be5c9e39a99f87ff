// Draws the app's icon and the tray's pictures anew from their SVG sources: `node scripts/draw-pictures.mjs`.
// Needs a Chromium: the one in CHROME_PATH, else the system's.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const assets = fileURLToPath(new URL('../assets', import.meta.url))

/** Sizes of the icon in pixels; the small ones have a drawing of their own, fitted to their pixels. */
const iconSizes = [16, 24, 32, 48, 64, 128, 256, 512]
const smallUpTo = 48

/** What the pictures are drawn in, by the panel they stand on. macOS takes black and colours it itself. */
const panels = {
  Template: { ink: '#000', waiting: '#000', stopped: '#000' },
  '-dark': { ink: '#f1f3f7', waiting: '#ffb02e', stopped: '#ff6b60' },
  '-light': { ink: '#22262e', waiting: '#c26a00', stopped: '#c8251b' },
}
const trayPictures = ['guarding', 'waiting', 'stopped']
/** Points of a tray picture; each comes at one and at two pixels a point. */
const traySize = 16

const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
const page = await browser.newPage()

/**
 * @param {string} source
 * @param {number} size
 * @param {string} file
 * @param {string} style
 */
async function draw(source, size, file, style = '') {
  const svg = readFileSync(join(assets, source), 'utf8')
  const sized = svg.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block;${style}" `)
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<body style="margin:0;background:transparent">${sized}</body>`)
  await page.screenshot({ path: join(assets, file), omitBackground: true })
}

for (const size of iconSizes) {
  await draw(size <= smallUpTo ? 'icon/mark-small.svg' : 'icon/app.svg', size, `icon/${size}.png`)
}
for (const picture of trayPictures) {
  for (const [panel, { ink, waiting, stopped }] of Object.entries(panels)) {
    const style = `color:${ink};--waiting:${waiting};--stopped:${stopped}`
    for (const [scale, suffix] of [
      [1, ''],
      [2, '@2x'],
    ]) {
      const file = `tray/${picture}${panel}${suffix}.png`
      await draw(`tray/${picture}.svg`, traySize * Number(scale), file, style)
    }
  }
}
await browser.close()
