// Draws a flame graph of a V8 profile as an SVG: `npm run bench -- --cpu-prof DIR`, then
//   npx node bench/flame-graph.ts DIR/NAME.cpuprofile docs/flame-graph.svg [--from SECONDS]
// Width is time of the gateway's own thread without idling; what stands on something was called by it. `--from` leaves out how
// the gateway started.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

type CallFrame = { functionName: string; url: string; lineNumber: number; columnNumber: number }
type Profile = {
  nodes: { id: number; callFrame: CallFrame; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}
type Frame = { name: string; area: keyof typeof hues; us: number; inside: Map<string, Frame> }

/** What a function belongs to, by the folder of its source; of what is nobody's, its caller decides. */
const areas: readonly [place: RegExp, area: keyof typeof hues][] = [
  [/core\/(audit|store|random)/, 'record'],
  [/core\/(policy|risk|registry|snapshots)/, 'decision'],
  [/core\/(envelope|safety)/, 'scan'],
  [/core\/(gateway|json|line-writer|upstream)/, 'messages'],
  [/core\/pipeline|core\/ids/, 'stages'],
]
const hues = { record: 28, decision: 265, scan: 140, messages: 205, stages: 50, node: 0 } as const

const width = 1200
const rowHeight = 17
/** Narrower frames, in pixels, cannot be seen. */
const leastWidth = 1.5

const maps = new Map<string, SourceMap | null>()

/** Where a function was written, as far as source maps tell. */
function sourceOf({ url, lineNumber, columnNumber }: CallFrame): string {
  if (!url.startsWith('file:')) return url
  const file = `${fileURLToPath(url)}.map`
  if (!maps.has(url)) maps.set(url, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null)
  const entry = maps.get(url)?.findEntry(lineNumber, columnNumber)
  return entry && 'originalSource' in entry ? entry.originalSource : url
}

function frameOf(callFrame: CallFrame, caller: Frame): Frame {
  const source = sourceOf(callFrame)
  const file = source.replace(/^.*\/src-main\/(core\/)?/, '').replace(/^.*node_modules\//, '')
  const name = `${callFrame.functionName || 'anonymous'}${file ? ` (${file})` : ''}`
  const own = areas.find(([place]) => place.test(source))?.[1]
  const ours = caller.area !== 'node' && !source.startsWith('node:internal/process') ? caller.area : 'node'
  return { name, area: own ?? ours, us: 0, inside: new Map() }
}

/** The stacks of a profile as a tree; functions that call themselves count once. */
function treeOf({ nodes, samples, timeDeltas }: Profile, fromUs: number): Frame {
  const root: Frame = { name: 'the gateway, one thread', area: 'node', us: 0, inside: new Map() }
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const stackOf = (id: number): CallFrame[] => {
    const frame = byId.get(id)?.callFrame
    const parent = parents.get(id)
    return frame && parent !== undefined ? [...stackOf(parent), frame] : []
  }
  let passed = 0
  for (const [index, id] of samples.entries()) {
    const us = timeDeltas[index] ?? 0
    passed += us
    const stack = stackOf(id)
    if (passed < fromUs || stack.at(-1)?.functionName === '(idle)') continue
    root.us += us
    let at = root
    for (const callFrame of stack) {
      const key = `${callFrame.functionName} ${callFrame.url} ${callFrame.lineNumber}`
      const next = at.inside.get(key) ?? frameOf(callFrame, at)
      at.inside.set(key, next)
      next.us += us
      at = next
    }
  }
  return root
}

function depthOf(frame: Frame, pixelsPerUs: number): number {
  const seen = [...frame.inside.values()].filter(({ us }) => us * pixelsPerUs >= leastWidth)
  return 1 + Math.max(0, ...seen.map((inner) => depthOf(inner, pixelsPerUs)))
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Rectangles of a frame and of all that it called, from the bottom up. */
function draw(frame: Frame, x: number, y: number, pixelsPerUs: number, total: number): string[] {
  const wide = frame.us * pixelsPerUs
  if (wide < leastWidth) return []
  const share = ((frame.us / total) * 100).toFixed(1)
  const room = Math.floor((wide - 6) / 6.2)
  const label = room < 4 ? '' : frame.name.length <= room ? frame.name : `${frame.name.slice(0, room - 1)}…`
  const fill = frame.area === 'node' ? 'hsl(0 0% 82%)' : `hsl(${hues[frame.area]} 70% 76%)`
  const box = `<rect x="${x.toFixed(1)}" y="${y}" width="${(wide - 0.5).toFixed(1)}" height="${rowHeight - 1}" rx="2" fill="${fill}"/>`
  const words = label && `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`
  const drawn = [`<g><title>${escaped(frame.name)}: ${share} %</title>${box}${words}</g>`]
  let left = x
  for (const inner of [...frame.inside.values()].sort((a, b) => a.name.localeCompare(b.name))) {
    drawn.push(...draw(inner, left, y - rowHeight, pixelsPerUs, total))
    left += inner.us * pixelsPerUs
  }
  return drawn
}

function legend(): string {
  const entries = Object.entries(hues).map(([area, hue], index) => {
    const fill = area === 'node' ? 'hsl(0 0% 82%)' : `hsl(${hue} 70% 76%)`
    const x = 4 + index * 100
    return `<rect x="${x}" y="6" width="12" height="12" rx="2" fill="${fill}"/><text x="${x + 17}" y="16">${area}</text>`
  })
  return entries.join('')
}

const { values, positionals } = parseArgs({ options: { from: { type: 'string' } }, allowPositionals: true })
const [profile, svg] = positionals
if (!profile || !svg) throw new Error('usage: npx node bench/flame-graph.ts PROFILE SVG [--from SECONDS]')
const root = treeOf(JSON.parse(readFileSync(profile, 'utf8')) as Profile, Number(values.from ?? 0) * 1e6)
const scale = width / root.us
const height = 28 + depthOf(root, scale) * rowHeight
writeFileSync(
  svg,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, monospace" font-size="10">
<title>Where the gateway's own thread spends its time</title>
<rect width="${width}" height="${height}" fill="white"/>
${legend()}
${draw(root, 0, height - rowHeight, scale, root.us).join('\n')}
</svg>
`,
)
