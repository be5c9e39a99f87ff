import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * The two pages. Their content security policy allows scripts, styles and fonts from files of their own origin only, so
 * nothing may be inlined: no data: fonts, no polyfill script, no style elements.
 */
export default defineConfig({
  root: here('src-renderer'),
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: here('out/renderer'),
    emptyOutDir: true,
    target: 'chrome156',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { app: here('src-renderer/app.html'), approval: here('src-renderer/approval.html') } },
  },
})
