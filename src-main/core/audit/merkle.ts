import { hash } from 'node:crypto'

/**
 * An append-only Merkle tree (RFC 6962, section 2.1), of which only the roots of its complete subtrees are kept, widest
 * first: about log2(size) hashes, enough to add leaves and to compute the root. A value: adding gives a new tree. Hashes are
 * hex, which costs Node half of what a buffer of them does.
 */
export type Tree = { readonly size: number; readonly peaks: readonly string[] }

/** The tree without leaves. */
export const emptyTree: Tree = { size: 0, peaks: [] }

/** Hash of a leaf; text counts as its UTF-8 bytes. */
export function leafHash(data: string | Uint8Array): string {
  return hash('sha256', typeof data === 'string' ? `\0${data}` : Buffer.concat([leafPrefix, data]), 'hex')
}

/** The tree with one more leaf, given by its hash. */
export function addLeaf(tree: Tree, leaf: string): Tree {
  return addSubtree(tree, 1, leaf)
}

/**
 * Adds `count` placeholder leaves (leaves without content), which stand for records that are missing. Takes time in
 * proportion to log2(count), since `count` may come from a damaged or hostile file.
 */
export function addPlaceholders(tree: Tree, count: number): Tree {
  let grown = tree
  for (let left = count; left > 0; ) {
    let width = 1
    let subtree = leafHash('')
    while (width * 2 <= left && grown.size % (width * 2) === 0) {
      subtree = nodeHash(subtree, subtree)
      width *= 2
    }
    grown = addSubtree(grown, width, subtree)
    left -= width
  }
  return grown
}

/** The root over all leaves; of the empty tree, the hash of nothing. */
export function rootOf(tree: Tree): Buffer {
  if (tree.peaks.length === 0) return hash('sha256', '', 'buffer')
  return Buffer.from(
    tree.peaks.reduceRight((right, left) => nodeHash(left, right)),
    'hex',
  )
}

/** How many peaks a tree of this size has: one for each bit that is set. */
export function peakCount(size: number): number {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}

/** Adds a complete subtree of `width` leaves; the size must be a multiple of the width, a power of two. */
function addSubtree(tree: Tree, width: number, root: string): Tree {
  const peaks = tree.peaks.slice()
  let node = root
  for (let rest = tree.size / width; rest % 2 === 1; rest = (rest - 1) / 2) {
    node = nodeHash(peaks.pop() as string, node)
  }
  peaks.push(node)
  return { size: tree.size + width, peaks }
}

// Different first bytes for leaves and nodes, so that no record can be made to look like an inner node.
const leafPrefix = Buffer.from([0])
/** Where every node is put together before it is hashed: its prefix and room for two hashes. */
const nodeText = Buffer.alloc(65, 1)

function nodeHash(left: string, right: string): string {
  nodeText.write(left, 1, 32, 'hex')
  nodeText.write(right, 33, 32, 'hex')
  return hash('sha256', nodeText, 'hex')
}
