import { builtinModules } from 'node:module'
import { defineConfig } from 'rolldown'

const external = ['electron', 'better-sqlite3', /^node:/, ...builtinModules]

/** Two builds: the shim is one dependency-free file; everything else shares chunks. */
export default defineConfig([
  {
    input: { shim: 'src-main/shim/main.ts' },
    platform: 'node',
    external: [/^node:/],
    output: { dir: 'out', format: 'esm', entryFileNames: '[name].js', codeSplitting: false, minify: true },
  },
  {
    input: { toolgate: 'src-main/headless/main.ts', 'verify-audit': 'src-main/headless/verify-audit.ts' },
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
])
