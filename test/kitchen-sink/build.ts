import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { build } from 'vite'

/** Builds the page that shows every part of the design system, with the settings of the product, into a folder. */
export async function buildKitchenSink(outDir: string): Promise<void> {
  await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    plugins: [react(), tailwindcss()],
    build: { outDir, emptyOutDir: true, target: 'chrome156', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  })
}
