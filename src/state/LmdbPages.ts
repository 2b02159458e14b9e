/**
 * Reads the pages of an LMDB data file without the engine, to tell whether the engine could.
 *
 * @since 0.1.0
 */

/**
 * What the bytes of a data file are good for. `Empty` is a file that holds nothing yet, or nothing any more.
 *
 * @since 0.1.0
 * @category models
 */
export type Finding =
  | { readonly _tag: "Empty" }
  | { readonly _tag: "Sound" }
  | { readonly _tag: "Damaged"; readonly why: string }

// The layout of data format 2, as liblmdb lays it out on little-endian machines. A page begins with a header: its own
// number (8 bytes), a transaction id (8), a pad (2), flags (2), and the bounds of its free space (2 + 2), counted from
// the header's end. Page 0 and page 1 hold a meta block each after the header; the one with the higher transaction id
// counts. It names the roots of two trees: the list of free pages, and the data.
const header = 24
const magic = 0xbeefc0de
const dataVersion = 2
const meta = { version: 4, pageSize: 24, trees: [24, 72], transaction: 128, length: 144 } as const
const tree = { depth: 6, entries: 32, root: 40 } as const
const isBranch = 1
const isLeaf = 2
const isOverflow = 4
const isMeta = 8
const noRoot = 0xffff_ffff_ffff_ffffn

const validSize = (size: number) => size >= 512 && size <= 65_536 && (size & (size - 1)) === 0

const isMetaPage = (file: Buffer, page: number, size: number) => {
  const at = page * size + header
  return file.length >= at + meta.length &&
    file.readUInt16LE(page * size + 18) === isMeta &&
    file.readUInt32LE(at) === magic &&
    (file.readUInt32LE(at + meta.version) & 0xffff) === dataVersion &&
    file.readUInt32LE(at + meta.pageSize) === size
}

const hasPage = (file: Buffer, size: number, page: number, flag: number) => {
  const at = page * size
  return page > 1 && at + size <= file.length &&
    Number(file.readBigUInt64LE(at)) === page &&
    (file.readUInt16LE(at + 18) & 0x2f) === flag
}

const hasOverflow = (file: Buffer, size: number, at: number, length: number) => {
  const page = Number(file.readBigUInt64LE(at))
  if (!hasPage(file, size, page, isOverflow)) return false
  const pages = file.readUInt32LE(page * size + 20)
  return length <= pages * size - header && (page + pages) * size <= file.length
}

// The offsets of a page's nodes in the file, or nothing when one of them does not lie within the page.
const nodesOf = (file: Buffer, size: number, page: number): ReadonlyArray<number> | undefined => {
  const start = page * size + header
  const lower = file.readUInt16LE(start - 4)
  const upper = file.readUInt16LE(start - 2)
  if (lower > upper || upper > size - header || lower < 2) return undefined
  const nodes: Array<number> = []
  for (let slot = 0; slot < lower; slot += 2) {
    const node = file.readUInt16LE(start + slot)
    if (node < upper || node + 8 > size - header) return undefined
    nodes.push(start + node)
  }
  return nodes
}

const isSoundEntry = (file: Buffer, size: number, end: number, node: number) => {
  const flags = file.readUInt16LE(node + 4)
  const value = node + 8 + file.readUInt16LE(node + 6)
  const length = file.readUInt32LE(node)
  if (flags === 0) return value + length <= end
  return flags === 1 && value + 24 <= end && hasOverflow(file, size, value, length)
}

const isSoundTree = (file: Buffer, size: number, at: number): boolean => {
  const root = file.readBigUInt64LE(at + tree.root)
  const entries = Number(file.readBigUInt64LE(at + tree.entries))
  if (root === noRoot) return entries === 0
  const pending = [{ page: Number(root), depth: file.readUInt16LE(at + tree.depth) }]
  let visited = 0
  let found = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { page, depth } = next
    visited += 1
    if (visited > file.length / size || !hasPage(file, size, page, depth === 1 ? isLeaf : isBranch)) return false
    const nodes = nodesOf(file, size, page)
    if (nodes === undefined) return false
    for (const node of nodes) {
      if (depth > 1) {
        pending.push({ page: file.readUInt32LE(node) + file.readUInt16LE(node + 4) * 2 ** 32, depth: depth - 1 })
      } else if (!isSoundEntry(file, size, (page + 1) * size, node)) return false
    }
    if (depth === 1) found += nodes.length
  }
  return found === entries
}

/**
 * Says whether the engine can read the bytes of a data file without harm: both meta pages, and every page that the
 * newer one reaches.
 *
 * @since 0.1.0
 * @category inspection
 */
export const examine = (file: Buffer): Finding => {
  if (file.length === 0) return { _tag: "Empty" }
  const size = file.length >= header + meta.length ? file.readUInt32LE(header + meta.pageSize) : 0
  if (!validSize(size) || !isMetaPage(file, 0, size) || !isMetaPage(file, 1, size)) {
    return { _tag: "Damaged", why: "it does not begin as such a file does" }
  }
  const transaction = (page: number) => file.readBigUInt64LE(page * size + header + meta.transaction)
  const newest = (transaction(1) > transaction(0) ? size : 0) + header
  return meta.trees.every((at) => isSoundTree(file, size, newest + at))
    ? { _tag: "Sound" }
    : { _tag: "Damaged", why: "pages of it are missing or overwritten" }
}
