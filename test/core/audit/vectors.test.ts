import { createPublicKey, generateKeyPairSync, hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { canonicalJson, orderedJson } from '../../../src-main/core/audit/canonical.ts'
import {
  addLeaf,
  addPlaceholders,
  emptyTree,
  leafHash,
  peakCount,
  rootOf,
  type Tree,
} from '../../../src-main/core/audit/merkle.ts'
import { formatKey, noteKey, openNote, parseKey, signNote } from '../../../src-main/core/audit/note.ts'

describe('canonical JSON (RFC 8785)', () => {
  test('the example of section 3.2.2', () => {
    const value = {
      // biome-ignore lint/correctness/noPrecisionLoss: the RFC writes it so
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    }
    expect(canonicalJson(value)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
  })

  test('the order of names of section 3.2.3: UTF-16 code units', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    expect(Object.values(JSON.parse(canonicalJson(value)))).toHaveLength(7)
    expect(canonicalJson(value).match(/\d(?=[,}])/g)).toEqual(['2', '4', '6', '7', '1', '5', '3'])
  })

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('the number %s of appendix B', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
  })

  test('fields without a value are left out', () => {
    expect(canonicalJson({ b: undefined, a: { c: undefined } })).toBe('{"a":{}}')
  })

  test.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a hole in a list', new Array(1)],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['two names that repair to one', { '\ud800': 1, '\ufffd': 2 }],
  ])('%s is refused', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })

  test('text that is not valid Unicode is repaired, and its order with it', () => {
    expect(canonicalJson({ '\ue000': 1, '\ud800': '\udfff' })).toBe('{"\ue000":1,"\ufffd":"\ufffd"}')
  })

  test.each([
    { a: 'x', b: [1, 'y'], c: { d: true, e: 'null' } },
    { a: '\ud800', b: [], c: {} },
    { a: null, b: [null], c: { e: 1, d: 2 } },
    { a: undefined, b: [{ z: 1, a: 2 }], c: {} },
    { a: 'nul\u0000 \\ud800 "', b: [1e21, 0.1], c: { é: 'é', '\ue000': 1, '\ud83d\ude00': 1 } },
  ])('ordered fields give the canonical text at once: %j', (value) => {
    expect(orderedJson(value, [value.b, value.c])).toBe(canonicalJson(value))
  })

  test.each([Number.NaN, 1n, new Date(0), [undefined], new Array(1), () => 1, Symbol('s'), new Map()])(
    'ordered fields do not hide what canonical JSON cannot hold: %o',
    (value) => expect(() => orderedJson({ a: value }, [value])).toThrow(TypeError),
  )

  test('the same value gives the same text, whatever order it was built in', () => {
    expect(canonicalJson({ x: 1, a: [{ z: 1, y: 2 }] })).toBe(canonicalJson({ a: [{ y: 2, z: 1 }], x: 1 }))
  })
})

/** The definition of RFC 6962 section 2.1, word for word, to compare with. */
function plainRoot(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return hash('sha256', '', 'buffer')
  if (leaves.length === 1) return leaves[0] as Buffer
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  const children = [plainRoot(leaves.slice(0, split)), plainRoot(leaves.slice(split))]
  return hash('sha256', Buffer.concat([Buffer.of(1), ...children]), 'buffer')
}

describe('Merkle tree (RFC 6962)', () => {
  test('the roots that Certificate Transparency publishes for its eight test leaves', () => {
    const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    let tree = emptyTree
    const roots = leaves.map((leaf) => {
      tree = addLeaf(tree, leafHash(Buffer.from(leaf, 'hex')))
      return rootOf(tree).toString('hex')
    })
    expect(roots).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ])
    expect(rootOf(emptyTree).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  test('the kept peaks give the root of the definition, at every size', () => {
    const leaves: Buffer[] = []
    let tree: Tree = emptyTree
    for (let i = 0; i < 130; i++) {
      const leaf = leafHash(`record ${i}`)
      leaves.push(Buffer.from(leaf, 'hex'))
      tree = addLeaf(tree, leaf)
      expect(rootOf(tree)).toEqual(plainRoot(leaves))
      expect(tree.peaks).toHaveLength(peakCount(tree.size))
    }
  })

  test('placeholders in bulk equal placeholders one by one, from every size', () => {
    for (let size = 0; size < 20; size++) {
      let one: Tree = emptyTree
      for (let i = 0; i < size; i++) one = addLeaf(one, leafHash(`record ${i}`))
      const bulk = addPlaceholders(one, 37)
      for (let i = 0; i < 37; i++) one = addLeaf(one, leafHash(''))
      expect(bulk).toEqual(one)
    }
  })

  test('an absurd number of placeholders is quick', () => {
    expect(addPlaceholders(addLeaf(emptyTree, leafHash('a')), Number.MAX_SAFE_INTEGER - 1).size).toBe(
      Number.MAX_SAFE_INTEGER,
    )
  })
})

describe('signed notes (C2SP)', () => {
  // Key and note of the documentation of golang.org/x/mod/sumdb/note, the first implementation of the format.
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const note =
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n" +
    '\n' +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  const peter = parseKey(vkey)

  test('the note of the Go implementation opens with its key', () => {
    expect(peter && formatKey(peter)).toBe(vkey)
    expect(openNote(note, peter ? [peter] : [])).toBe(note.slice(0, note.indexOf('\n\n') + 1))
  })

  test.each([
    ['the text', note.replace('problem,', 'problem;')],
    ['the signature', note.replace('x08go/ZJ', 'x08go/ZK')],
    ['the key hash', note.replace('x08go', 'y08go')],
    ['the name', note.replace('— PeterNeumann', '— Peter')],
    ['the end', note.slice(0, -1)],
    ['the blank line', note.replace('\n\n', '\n')],
  ])('a change of %s is found', (_, changed) => {
    expect(changed).not.toBe(note)
    expect(openNote(changed, peter ? [peter] : [])).toBeNull()
  })

  test('what we sign opens with our key as text, and with no other', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const key = noteKey('toolgate/audit/0123', privateKey)
    const signed = signNote('one\ntwo\n', key, privateKey)
    const read = parseKey(`${formatKey(key)}\n`)
    expect(read?.publicKey.equals(createPublicKey(privateKey))).toBe(true)
    expect(openNote(signed, read ? [read] : [])).toBe('one\ntwo\n')
    expect(openNote(signed, [noteKey('toolgate/audit/0123', generateKeyPairSync('ed25519').privateKey)])).toBeNull()
    expect(openNote(signed, peter ? [peter] : [])).toBeNull()
  })

  test.each(['', 'a', vkey.replace('c74f20a3', 'c74f20a4'), vkey.replace('+A', '+B'), vkey.replace('TW', 'TX')])(
    'not a key: %s',
    (text) => {
      expect(parseKey(text)).toBeNull()
    },
  )
})
