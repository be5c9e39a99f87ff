import { builtinModules } from 'node:module'
import { defineConfig } from 'rolldown'

const external = ['electron', 'better-sqlite3', /^node:/, ...builtinModules]

/** The shim is one dependency-free file, and so is the preload of windows, which may load nothing; everything else shares chunks. */
export default defineConfig([
  {
    input: { shim: 'src-main/shim/main.ts' },
    platform: 'node',
    external: [/^node:/],
    output: { dir: 'out', format: 'esm', entryFileNames: '[name].js', codeSplitting: false, minify: true },
  },
  {
    input: {
      toolgate: 'src-main/headless/main.ts',
      'verify-audit': 'src-main/headless/verify-audit.ts',
      'electron/main': 'src-main/electron/main.ts',
      // Found beside the chunk that starts it.
      'chunks/move-records': 'src-main/core/audit/move-records.ts',
    },
    platform: 'node',
    external,
    output: {
      dir: 'out',
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      sourcemap: true,
    },
  },
  {
    input: { preload: 'src-main/electron/preload.ts' },
    platform: 'node',
    external: ['electron'],
    output: { dir: 'out/electron', format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
  },
])
