import { importsOf, packageOf, type TextFile, targetOf } from './source.ts'

/** What the files of one folder may import. A path that ends in `/` or `*` means all that begins like it. */
export type Layer = {
  /**
   * Folder or file; of several layers that a file lies in, the one with the longest path counts. `:feature` stands for any
   * one name, the same in `may`.
   */
  at: string
  why: string
  /** Our own files. */
  may: readonly string[]
  /** Exceptions from `may`. */
  never?: readonly string[]
  packages: readonly string[]
  node: 'any' | readonly string[]
}

/** How components reach the core: everything but the transport itself. */
const askingCore = [
  'src-renderer/call.ts',
  'src-renderer/use-call.ts',
  'src-renderer/open-approvals.ts',
  'src-renderer/places.ts',
]
const drawing = ['react', 'clsx', 'lucide-react', 'zustand']

/** Who may import whom. Arrows point down: hosts → core → (policy, store) → shared. A new arrow is a line here, with its reason. */
const layers: readonly Layer[] = [
  {
    at: 'shared/',
    why: 'what two processes agree on must run in each of them, a browser window included',
    may: ['shared/'],
    packages: ['zod'],
    node: [],
  },
  {
    at: 'src-main/core/',
    why: 'the core runs in every host, so it knows none; only `store` knows SQL',
    may: ['shared/', 'src-main/core/'],
    packages: ['zod'],
    node: 'any',
  },
  {
    at: 'src-main/core/policy/',
    why: 'a decision is a pure function of envelope and snapshot: no files, no clock, nothing else of the core',
    may: ['shared/', 'src-main/core/policy/'],
    packages: ['zod', 'yaml', '@marcbachmann/cel-js', 're2js'],
    node: [],
  },
  {
    at: 'src-main/core/clients/',
    why: 'configurations of clients are read and changed by what registers servers and asks people; this knows texts, files and shapes',
    may: [
      'shared/',
      'src-main/core/audit/canonical.ts',
      'src-main/core/clients/',
      'src-main/core/ids.ts',
      'src-main/core/ports.ts',
      'src-main/core/private-file.ts',
      'src-main/core/safety/',
      'src-main/core/store/client-edits.ts',
      'src-main/core/vault/',
    ],
    packages: ['diff', 'zod'],
    node: ['node:crypto', 'node:fs', 'node:os', 'node:path', 'node:util', 'node:zlib'],
  },
  {
    at: 'src-main/core/clients/documents/',
    why: 'a text that is changed at one place: no files, no clients',
    may: ['src-main/core/clients/documents/'],
    packages: ['jsonc-parser', 'toml-eslint-parser', 'yaml'],
    node: [],
  },
  {
    at: 'src-main/core/clients/known/',
    why: 'one client each, as data: where its files lie and how they write servers',
    may: ['src-main/core/clients/known-client.ts', 'shared/hooked-tools.ts'],
    packages: [],
    node: ['node:path'],
  },
  {
    at: 'src-main/core/constraints/',
    why: 'what holds calls to their bounds knows rules, servers and answers; recording and asking people is for the stages that use it',
    may: [
      'shared/',
      'src-main/core/constraints/',
      'src-main/core/json/',
      'src-main/core/policy/',
      'src-main/core/registry/',
      'src-main/core/ports.ts',
    ],
    packages: [],
    node: [],
  },
  {
    at: 'src-main/core/answers/',
    why: 'an answer is looked through by its bytes and its bounds, here or in a thread: no policy, no records, no calls',
    may: [
      'src-main/core/answers/',
      'src-main/core/ask-thread.ts',
      'src-main/core/turn-thread.ts',
      'src-main/core/constraints/bound-result.ts',
      'src-main/core/json/',
      'src-main/core/safety/',
      'shared/',
    ],
    packages: [],
    node: ['node:worker_threads'],
  },
  {
    at: 'src-main/core/constraints/sql/',
    why: 'what SQL does is told from its text, its dialect and its bounds: no policy, no records, no database of ours',
    may: ['shared/', 'src-main/core/constraints/sql/', 'src-main/core/ask-thread.ts', 'src-main/core/turn-thread.ts'],
    packages: ['libpg-query', 'node-sql-parser'],
    node: ['node:worker_threads'],
  },
  {
    at: 'src-main/core/observe/',
    why: 'observe mode is a state with an end, whatever it is on for: it knows no policy, no registry, no clients',
    may: ['shared/', 'src-main/core/observe/', 'src-main/core/store/risk-tables.ts', 'src-main/core/ports.ts'],
    packages: ['zod'],
    node: [],
  },
  {
    at: 'src-main/core/people/',
    why: 'who is here is told by names, groups and the clock: no policy, no queue, no presence',
    may: [
      'shared/',
      'src-main/core/people/',
      'src-main/core/store/people-table.ts',
      'src-main/core/ids.ts',
      'src-main/core/ports.ts',
    ],
    packages: [],
    node: [],
  },
  {
    at: 'src-main/core/stop/',
    why: 'what is stopped is a state that everything asks and that asks nothing: no policy, no registry, no sessions',
    may: [
      'shared/',
      'src-main/core/stop/',
      'src-main/core/store/stop-tables.ts',
      'src-main/core/ports.ts',
      'src-main/core/ids.ts',
    ],
    packages: ['zod'],
    node: [],
  },
  {
    at: 'src-main/core/fatigue/',
    why: 'how much people are asked, and when not, is told from the record and the clock: no policy, no registry, no queue',
    may: [
      'shared/',
      'src-main/core/fatigue/',
      'src-main/core/store/prompts-table.ts',
      'src-main/core/ports.ts',
      'src-main/core/deadline.ts',
      'src-main/core/private-file.ts',
    ],
    packages: [],
    node: ['node:crypto', 'node:fs', 'node:timers/promises'],
  },
  {
    at: 'src-main/core/store/',
    why: 'the only folder that knows SQL knows nothing of what the rows mean',
    may: ['shared/', 'src-main/core/store/'],
    packages: ['better-sqlite3'],
    node: ['node:fs'],
  },
  {
    at: 'src-main/core/audit/chain.ts',
    why: 'the chain is checked by a separate program that trusts nothing but bytes',
    may: ['shared/', 'src-main/core/audit/canonical.ts'],
    packages: [],
    node: ['node:crypto'],
  },
  {
    at: 'src-main/core/replay/',
    why: 'deciding recorded calls again reads what is given and knows neither doors nor the wire',
    may: [
      'shared/',
      'src-main/core/replay/',
      'src-main/core/policy/',
      'src-main/core/safety/',
      // What a record leaves out of a call because it follows from its names.
      'src-main/core/envelope/names.ts',
      'src-main/core/envelope/belongs.ts',
      'src-main/core/registry/classify.ts',
      // Its rows.
      'src-main/core/store/replay-table.ts',
      'src-main/core/risk/score.ts',
    ],
    packages: [],
    node: [],
  },
  {
    at: 'src-main/core/approvals/',
    why: 'the queue knows what was asked and what an answer covers; how calls are judged and carried is handed in',
    may: ['shared/', 'src-main/core/'],
    never: ['src-main/core/gateway/'],
    packages: ['zod', 'ajv'],
    node: 'any',
  },
  {
    at: 'src-main/core/pipeline/',
    why: 'the stages of a call do not know the wire that it came by',
    may: ['shared/', 'src-main/core/'],
    never: ['src-main/core/gateway/'],
    packages: ['zod'],
    node: 'any',
  },
  {
    at: 'src-main/core/http/',
    why: 'the HTTP door carries messages to the sessions of the gateway and decides nothing itself',
    may: [
      'shared/',
      'src-main/core/http/',
      'src-main/core/gateway/',
      'src-main/core/json/',
      'src-main/core/registry/',
      'src-main/core/store/',
      'src-main/core/ports.ts',
      'src-main/core/origins.ts',
      'src-main/core/gathering.ts',
      // How many of everything there may be.
      'src-main/core/limits.ts',
    ],
    packages: [],
    node: 'any',
  },
  {
    at: 'src-main/core/aggregate/',
    why: 'what makes one session of several knows sessions and messages; deciding, recording and starting servers is below it',
    may: [
      'shared/',
      'src-main/core/aggregate/',
      'src-main/core/gateway/',
      'src-main/core/json/',
      'src-main/core/registry/',
      // Why nothing of what is stopped is carried.
      'src-main/core/stop/halts.ts',
      'src-main/core/ports.ts',
      // Requests under names of ours, and back.
      'src-main/core/http/modern-ids.ts',
    ],
    packages: [],
    node: ['node:crypto'],
  },
  {
    at: 'src-main/core/upstream/http/',
    why: 'a server over HTTP has the face of a process: it knows messages and the wire, no policy, no records, no clients',
    may: [
      'shared/',
      'src-main/core/upstream/http/',
      'src-main/core/json/',
      'src-main/core/ports.ts',
      'src-main/core/gathering.ts',
      // What a server is to those who talk to it; which generation a request speaks; a list of tools without some.
      'src-main/core/registry/inspect.ts',
      'src-main/core/registry/definition.ts',
      'src-main/core/gateway/request.ts',
      'src-main/core/gateway/to-client.ts',
    ],
    packages: [],
    node: 'any',
  },
  {
    at: 'src-main/core/constraints/sandbox/',
    why: 'what holds a process to bounds knows policy and processes: no clients, no records, no calls but their bounds',
    may: [
      'shared/',
      'src-main/core/constraints/sandbox/',
      'src-main/core/policy/',
      'src-main/core/ports.ts',
      // How a program is started, and where an address leads.
      'src-main/core/upstream/start-program.ts',
      'src-main/core/upstream/http/address-guard.ts',
    ],
    packages: [],
    node: 'any',
  },
  {
    at: 'src-main/core/vault/',
    why: 'the vault keeps secrets and knows nothing of what they are for',
    may: ['shared/', 'src-main/core/vault/', 'src-main/core/ports.ts', 'src-main/core/private-file.ts'],
    packages: [],
    node: 'any',
  },
  {
    at: 'src-main/core/streams/',
    why: 'sending records elsewhere reads what is stored and knows the wire: no policy, no calls, no servers',
    may: [
      'shared/',
      'src-main/core/streams/',
      'src-main/core/audit/',
      'src-main/core/store/',
      'src-main/core/vault/',
      'src-main/core/ports.ts',
      'src-main/core/ids.ts',
      // How often what failed is tried, and how an address is reached.
      'src-main/core/upstream/backoff.ts',
      'src-main/core/upstream/http/address-guard.ts',
      'src-main/core/upstream/http/await-answer.ts',
    ],
    packages: [],
    node: ['node:http'],
  },
  {
    at: 'src-main/core/oauth/client/',
    why: 'signing in to servers knows the wire and the vault, no policy, no records, no clients of ours',
    may: [
      'shared/',
      'src-main/core/oauth/client/',
      'src-main/core/vault/',
      'src-main/core/upstream/http/',
      'src-main/core/ports.ts',
      'src-main/core/gathering.ts',
    ],
    packages: ['oauth4webapi', 'zod'],
    node: 'any',
  },
  {
    at: 'src-main/core/oauth/server/',
    why: 'letting apps in knows their requests and what is kept of them: no policy, no sessions, no calls',
    may: [
      'shared/',
      'src-main/core/oauth/server/',
      'src-main/core/store/',
      'src-main/core/ports.ts',
      'src-main/core/deadline.ts',
      'src-main/core/origins.ts',
      // Documents that name an app are fetched as a sign-in is, guarded.
      'src-main/core/oauth/client/guarded-fetch.ts',
    ],
    packages: ['oidc-provider'],
    node: ['node:crypto', 'node:http'],
  },
  {
    at: 'src-main/core/upstream/bridge/',
    why: 'a bridge between the protocol generations sees messages both ways: no policy, no clients, and no wire of its own',
    may: [
      'shared/',
      'src-main/core/upstream/bridge/',
      'src-main/core/json/',
      'src-main/core/ports.ts',
      // How much may wait.
      'src-main/core/limits.ts',
      // What a server is to those who talk to it; which generation a request speaks; when to listen again; a list of tools without some; one text per value.
      'src-main/core/registry/inspect.ts',
      'src-main/core/registry/definition.ts',
      'src-main/core/gateway/relisten.ts',
      'src-main/core/gateway/request.ts',
      'src-main/core/gateway/to-client.ts',
      'src-main/core/gateway/too-long.ts',
      'src-main/core/audit/canonical.ts',
    ],
    packages: [],
    node: ['node:crypto', 'node:util'],
  },
  {
    at: 'src-main/shim/',
    why: 'the shim is one dependency-free file that starts at once',
    may: ['shared/', 'src-main/shim/'],
    packages: [],
    node: 'any',
  },
  {
    at: 'src-main/host/',
    why: 'what every host needs knows no host, and of the core only what it must supply, and how a private file is written',
    may: [
      'shared/',
      'src-main/host/',
      'src-main/core/ports.ts',
      'src-main/core/private-file.ts',
      'src-main/shim/profile.ts',
    ],
    packages: ['zod'],
    node: 'any',
  },
  {
    at: 'src-main/headless/',
    why: 'a host wires the core up and never reaches into its inner files',
    may: [
      'shared/',
      'src-main/headless/',
      'src-main/host/',
      'src-main/core/core.ts',
      'src-main/core/ports.ts',
      'src-main/core/no-pages.ts',
      // What works without a gateway: records, verification, policy files.
      'src-main/core/read-profile.ts',
      'src-main/core/control/',
      'src-main/core/presence/',
      'src-main/core/audit/verify*',
      // Commands find and start the gateway exactly as the shim does.
      'src-main/shim/profile.ts',
      'src-main/shim/gateway-environment.ts',
    ],
    packages: ['commander', 'zod'],
    node: 'any',
  },
  {
    at: 'src-main/headless/pages/',
    why: 'the pages of a browser are carried by HTTP and WebSocket, and know the core by its pages only',
    may: [
      'shared/',
      'src-main/headless/pages/',
      'src-main/host/',
      'src-main/core/ports.ts',
      'src-main/core/deadline.ts',
      'src-main/core/control/',
    ],
    packages: ['ws', 'zod'],
    node: ['node:crypto', 'node:fs', 'node:http', 'node:net', 'node:path', 'node:stream'],
  },
  {
    at: 'src-main/electron/',
    why: 'a host wires the core up, knows no other host, and never reaches into the core’s inner files',
    may: [
      'shared/',
      'src-main/electron/',
      'src-main/host/',
      'src-main/core/core.ts',
      'src-main/core/ports.ts',
      'src-main/core/control/',
    ],
    never: ['src-main/electron/preload.ts', 'src-main/electron/main.ts'],
    packages: ['electron', 'zod'],
    node: 'any',
  },
  {
    at: 'src-main/electron/preload.ts',
    why: 'a sandboxed page’s preload has Electron’s bridge and nothing else',
    may: ['src-main/electron/channel.ts'],
    packages: ['electron'],
    node: [],
  },
  {
    at: 'src-main/headless/verify-audit.ts',
    why: 'the verifier is a program of its own that needs the record, a key, and no gateway',
    may: ['shared/', 'src-main/core/audit/'],
    packages: [],
    node: 'any',
  },
  {
    at: 'src-renderer/link/',
    why: 'how a page reaches its host is known by `call.ts` alone and knows nothing of what is said',
    may: ['shared/', 'src-renderer/link/'],
    packages: [],
    node: [],
  },
  {
    at: 'src-renderer/call.ts',
    why: 'the only file that touches the transport is no component',
    may: ['shared/', 'src-renderer/link/'],
    packages: ['zustand'],
    node: [],
  },
  {
    at: 'src-renderer/use-call.ts',
    why: 'what components ask is asked through `call.ts`, and drawn by them',
    may: ['shared/', 'src-renderer/call.ts'],
    packages: ['react', 'zustand'],
    node: [],
  },
  {
    at: 'src-renderer/open-approvals.ts',
    why: 'every page may lead to the approval page, none may do its work',
    may: ['src-renderer/call.ts'],
    packages: [],
    node: [],
  },
  { at: 'src-renderer/places.ts', why: 'addresses are words', may: [], packages: [], node: [] },
  {
    at: 'src-renderer/ui/',
    why: 'the design system knows neither the product nor how anything is asked',
    may: ['src-renderer/ui/', 'shared/printable.ts'],
    packages: ['react', 'radix-ui', 'clsx', 'lucide-react', '@tanstack/react-virtual'],
    node: [],
  },
  {
    at: 'src-renderer/say/',
    why: 'values of the product in words and hues, the same on every page: no components, nothing asked',
    may: ['shared/', 'src-renderer/say/', 'src-renderer/ui/tone.tsx'],
    packages: [],
    node: [],
  },
  {
    at: 'src-renderer/show/',
    why: 'values of the product as both pages draw them: nothing asked, nothing done',
    may: ['shared/', 'src-renderer/show/', 'src-renderer/ui/', 'src-renderer/say/'],
    packages: drawing,
    node: [],
  },
  {
    at: 'src-renderer/parts/',
    why: 'what several pages show of the product is written once and knows none of them',
    may: [
      'shared/',
      'src-renderer/parts/',
      'src-renderer/show/',
      'src-renderer/ui/',
      'src-renderer/say/',
      ...askingCore,
    ],
    packages: [...drawing, 'wouter'],
    node: [],
  },
  {
    at: 'src-renderer/yaml-editor/',
    why: 'the only place that knows the editor, loaded by the pages that edit',
    may: ['shared/', 'src-renderer/yaml-editor/'],
    packages: [
      ...['react', '@lezer/highlight', '@codemirror/autocomplete', '@codemirror/commands', '@codemirror/lang-yaml'],
      ...['@codemirror/language', '@codemirror/lint', '@codemirror/search', '@codemirror/state', '@codemirror/view'],
    ],
    node: [],
  },
  {
    at: 'src-renderer/features/:feature/',
    why: 'a page is understood without any other: features meet only in what all may use',
    may: [
      'shared/',
      'src-renderer/features/:feature/',
      'src-renderer/yaml-editor/',
      'src-renderer/parts/',
      'src-renderer/ui/',
      'src-renderer/say/',
      'src-renderer/show/',
      ...askingCore,
    ],
    packages: [...drawing, 'wouter'],
    node: [],
  },
  {
    at: 'src-renderer/app/',
    why: 'the frame brings the pages together',
    may: [
      'shared/',
      'src-renderer/app/',
      'src-renderer/features/',
      'src-renderer/parts/',
      'src-renderer/say/',
      'src-renderer/ui/',
      'src-renderer/theme.css',
      ...askingCore,
    ],
    packages: [...drawing, 'react-dom', 'wouter', 'cmdk'],
    node: [],
  },
  {
    at: 'src-renderer/approval/',
    why: 'the page that may answer holds as little as it can: no page of the app gets into it',
    may: [
      'shared/',
      'src-renderer/approval/',
      'src-renderer/ui/',
      'src-renderer/say/',
      'src-renderer/show/',
      'src-renderer/theme.css',
      ...askingCore,
    ],
    packages: [...drawing, 'react-dom', '@tanstack/react-virtual'],
    node: [],
  },
]

/** Every import that the table does not allow, as `file:line imports x: why not`. */
export function layerOffences(files: readonly TextFile[], table: readonly Layer[] = layers): string[] {
  return files.flatMap((file) => {
    const layer = layerOf(file.path, table)
    if (!layer) return [`${file.path} lies in no layer: add its folder to the table`]
    return importsOf(file)
      .filter(({ specifier }) => specifier === null || !isAllowed(file, specifier, layer))
      .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier ?? 'a computed name'}: ${layer.why}`)
  })
}

/** Packages that a file and all that it imports of ours need, sorted. */
export function packagesBehind(entry: string, files: readonly TextFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const seen = new Set<string>()
  const packages = new Set<string>()
  const visit = (path: string) => {
    const file = byPath.get(path)
    if (!file || seen.has(path)) return
    seen.add(path)
    for (const { specifier } of importsOf(file)) {
      if (specifier === null) continue
      const target = targetOf(file, specifier)
      const name = packageOf(specifier)
      if (target) visit(target)
      if (name) packages.add(name)
    }
  }
  visit(entry)
  return [...packages].sort()
}

function layerOf(path: string, table: readonly Layer[]): Layer | undefined {
  return table
    .map((layer) => named(layer, path))
    .filter(({ at }) => covers(at, path))
    .sort((a, b) => b.at.length - a.at.length)[0]
}

/** A layer with `:feature` replaced by the name that stands there in a path. */
function named(layer: Layer, path: string): Layer {
  const [before, after] = layer.at.split(':feature')
  if (before === undefined || after === undefined || !path.startsWith(before)) return layer
  const name = path.slice(before.length).split('/')[0] ?? ''
  const put = (pattern: string) => pattern.replace(':feature', name)
  return { ...layer, at: put(layer.at), may: layer.may.map(put) }
}

function isAllowed(file: TextFile, specifier: string, layer: Layer): boolean {
  const target = targetOf(file, specifier)
  if (target) {
    return layer.may.some((path) => covers(path, target)) && !layer.never?.some((path) => covers(path, target))
  }
  const name = packageOf(specifier)
  if (name) return layer.packages.includes(name)
  return layer.node === 'any' || layer.node.includes(specifier)
}

function covers(pattern: string, path: string): boolean {
  return /[/*]$/.test(pattern) ? path.startsWith(pattern.replace(/\*$/, '')) : path === pattern
}
