import { builtinModules } from 'node:module'
import { defineConfig, type Plugin } from 'rolldown'

/**
 * Takes Node's modules from Node itself. An `import` of one reads all that it exports, and with that loads what hides behind
 * lazy members: `node:http` all of undici, 13 MiB and 30 ms of every start. Here only what is used is read.
 */
const builtins: Plugin = {
  name: 'builtins',
  resolveId(id, _importer, { kind }) {
    const name = id.replace(/^node:/, '')
    // The bundler's own beginning needs this one before anything of ours is there.
    const ours = builtinModules.includes(name) && name !== 'module'
    return ours ? `\0${kind === 'require-call' ? 'require' : 'import'}:node:${name}` : null
  },
  load(id) {
    const [, how, name = ''] = /^\0(import|require):(node:.+)$/.exec(id) ?? []
    const builtin = `process.getBuiltinModule(${JSON.stringify(name)})`
    if (how === 'require') return `module.exports = ${builtin}`
    if (how !== 'import') return null
    const names = Object.keys(process.getBuiltinModule(name) ?? {}).filter((key) => key !== 'default')
    const code = [
      `const builtin = ${builtin}`,
      // The bundler drops those that nobody imports.
      ...names.map((key, index) => `const member${index} = /* @__PURE__ */ (() => builtin[${JSON.stringify(key)}])()`),
      `export { ${[...names.map((key, index) => `member${index} as ${JSON.stringify(key)}`), 'builtin as default'].join(', ')} }`,
    ]
    return { code: code.join('\n'), moduleSideEffects: false }
  },
}

/**
 * A package that says what of others is out of date, which it does with `eval`. Nothing that is out of date is used, and nothing here
 * evaluates text.
 */
const noEval: Plugin = {
  name: 'no-eval',
  resolveId: (id) => (id === 'depd' ? '\0depd' : null),
  load: (id) =>
    id === '\0depd' ? 'module.exports = () => Object.assign(() => {}, { function: (fn) => fn, property() {} })' : null,
}

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
      'chunks/look-through-large': 'src-main/core/answers/look-through-large.ts',
      'chunks/look-into-large': 'src-main/core/pipeline/look-into-large.ts',
      'chunks/read-sql': 'src-main/core/constraints/sql/read-sql.ts',
    },
    platform: 'node',
    // PostgreSQL's parser reads its own WebAssembly from beside it.
    external: ['electron', 'better-sqlite3', 'libpg-query'],
    // The other form of jsonc-parser finds its own files in a way that no bundler follows.
    resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
    plugins: [builtins, noEval],
    output: {
      dir: 'out',
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      sourcemap: true,
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    },
  },
  {
    input: { preload: 'src-main/electron/preload.ts' },
    platform: 'node',
    external: ['electron'],
    output: { dir: 'out/electron', format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
  },
])
