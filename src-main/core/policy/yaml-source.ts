import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml'
import type { Finding } from './problem.ts'
import { quote } from './quote.ts'
import { offsetInScalar } from './scalar-offset.ts'
import { yamlComplaint } from './yaml-complaint.ts'

/** Where in the data a value lies: keys of maps and positions in lists. */
export type DataPath = readonly (string | number)[]

/** One YAML file as plain data, with a way back from the data to places in its text. */
export type YamlSource = {
  value: unknown
  /** Offset of the value at `path`, or of the nearest value around it when there is none. */
  offsetOf: (path: DataPath) => number
  /** Offset of the key `key` in the map at `path`. */
  offsetOfKey: (path: DataPath, key: string) => number
  /** Offset in the file of the character `index` of the text at `path`, through quotes, folding and indentation. */
  offsetIn: (path: DataPath, index: number) => number
}

/** What reading a file as data came to: its content, or what is wrong with it. */
export type YamlReading = { source: YamlSource | null; findings: Finding[] }

const mostFindings = 20

/** Line and column, both from 1, of an offset into `text`. */
export function placesIn(text: string): (offset: number) => { line: number; column: number } {
  const lines = new LineCounter()
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1)
  lines.lineStarts.unshift(0)
  return (offset) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
}

/**
 * Reads one YAML 1.2 document without its traps: errors and warnings are both refused, and so are anchors, aliases, tags,
 * directives and keys that are not text, because a policy must say what it says on the spot.
 */
export function readYaml(text: string): YamlReading {
  try {
    // The parser compares each key with all others of its map; our own check below takes one step per key.
    const document = parseDocument(text, { prettyErrors: false, strict: true, uniqueKeys: false })
    const broken = [...document.errors, ...document.warnings]
    if (broken.some((error) => error.code === 'RESOURCE_EXHAUSTION')) return tooDeep
    const errors = broken.map((error) => ({ offset: error.pos[0], ...yamlComplaint(error.code, error.message) }))
    const findings = errors.length > 0 ? errors : trapsIn(document)
    if (findings.length > 0) return { source: null, findings: firstOfEachLine(text, findings) }
    return { source: sourceOf(text, document), findings: [] }
  } catch (error) {
    // Where the stack ends depends on who calls, so the parser's own guard may come too late.
    if (error instanceof RangeError) return tooDeep
    throw error
  }
}

const tooDeep = { source: null, findings: [{ offset: 0, ...yamlComplaint('RESOURCE_EXHAUSTION', '') }] }

function sourceOf(text: string, document: Document.Parsed): YamlSource {
  const root = document.contents
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    offsetOf: (path) => nearestNode(root, path)?.range?.[0] ?? 0,
    offsetOfKey: (path, key) => {
      const map = nearestNode(root, path)
      const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
      return (isNode(pair?.key) ? pair.key.range?.[0] : map?.range?.[0]) ?? 0
    },
    offsetIn: (path, index) => {
      const node = nearestNode(root, path)
      return isScalar(node) ? offsetInScalar(text, node as Scalar<string>, index) : (node?.range?.[0] ?? 0)
    },
  }
}

function nearestNode(root: Node | null, path: DataPath): Node | null {
  let node = root
  for (const step of path) {
    // A single map that stands for a list of one is its own item.
    if (isMap(node) && step === 0) continue
    const next: unknown = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === step)?.value
      : isSeq(node) && typeof step === 'number'
        ? node.items[step]
        : undefined
    if (!isNode(next)) return node
    node = next
  }
  return node
}

function trapsIn(document: Document.Parsed): Finding[] {
  const findings: Finding[] = []
  const found = (offset: number | undefined, message: string, suggestion: string) =>
    findings.push({
      offset: offset ?? 0,
      message,
      expected: 'plain YAML 1.2: maps, lists, text and numbers',
      suggestion,
    })
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2') {
    found(0, `the file asks for YAML ${quote(document.directives.yaml.version)}`, 'remove the `%YAML` line')
  }
  visit(document, {
    Node: (_, node) => {
      const offset = node.range?.[0]
      if (isAlias(node)) {
        found(
          offset,
          `${quote(`*${node.source}`)} is an alias, which a policy file may not have`,
          'put text that starts with `*` in quotes, for example `"*"`; otherwise write the value out',
        )
      } else if (node.anchor !== undefined) {
        found(
          offset,
          `${quote(`&${node.anchor}`)} is an anchor, which a policy file may not have`,
          'write the value out',
        )
      } else if (node.tag !== undefined) {
        found(offset, `${quote(node.tag)} is a tag, which a policy file may not have`, 'remove the tag')
      }
    },
    Map: (_, map) => {
      const keys = new Set<string>()
      for (const { key } of map.items) {
        const offset = isNode(key) ? key.range?.[0] : 0
        const word = isScalar(key) && typeof key.value === 'string' ? key.value : null
        if (word === null) {
          if (!isAlias(key)) found(offset, 'a key is not text', 'use one of the keys in docs/policy.md')
        } else if (keys.has(word)) findings.push({ offset: offset ?? 0, ...yamlComplaint('DUPLICATE_KEY', '') })
        else keys.add(word)
      }
    },
  })
  return findings
}

/** One slip makes the parser complain several times about the same line; people need one, and the one about indentation. */
function firstOfEachLine(text: string, findings: Finding[]): Finding[] {
  const place = placesIn(text)
  const indentation = yamlComplaint('BAD_INDENT', '').message
  const byLine = new Map<number, Finding>()
  for (const finding of findings.toSorted((a, b) => a.offset - b.offset)) {
    const { line } = place(finding.offset)
    if (!byLine.has(line) || finding.message === indentation) byLine.set(line, finding)
  }
  return [...byLine.values()].slice(0, mostFindings)
}

/** A file to be edited, its comments kept; null for one that cannot be read, where anchors, tags and keys that stand twice count, or is no map. */
export function editableYaml(text: string): Document | null {
  const document = parseDocument(text) as Document
  return readYaml(text).source !== null && isMap(document.contents) ? document : null
}
