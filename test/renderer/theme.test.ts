import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../rules/source.ts'

type Theme = 'light' | 'dark'

const text = readFileSync(join(root, 'src-renderer/theme.css'), 'utf8')

/** Every colour of the theme by name, both values. */
const colours = new Map(
  [...text.matchAll(/--color-([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
)

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast of two colours by WCAG 2.2, 1 to 21. */
function contrast(front: string, back: string, theme: Theme): number {
  const [a, b] = [front, back].map((name) => luminance(colours.get(name)?.[theme] ?? ''))
  return (Math.max(a ?? 0, b ?? 0) + 0.05) / (Math.min(a ?? 0, b ?? 0) + 0.05)
}

const surfaces = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected']
const hues = ['allowed', 'asked', 'constrained', 'denied', 'quarantined', 'observed']
const solids = ['accent', 'accent-hover', 'danger', 'danger-hover']

/** What is written on what. */
const words = [
  ...['ink', 'muted', 'faint', 'accent-text', ...hues.map((hue) => `${hue}-text`)].flatMap((front) =>
    surfaces.map((back) => [front, back] as const),
  ),
  ...hues.flatMap((hue) => [`${hue}-text`, 'ink', 'muted'].map((front) => [front, `${hue}-fill`] as const)),
  ...['key', 'text', 'number', 'word'].map((kind) => [`code-${kind}`, 'sunken'] as const),
  ...solids.map((back) => ['on-solid', back] as const),
]

/** What must be seen but not read: edges of controls, icons, dots and bars. */
const shapes = [
  ...['canvas', 'surface', 'raised'].flatMap((back) => [
    ['edge', back] as const,
    ...hues.map((hue) => [`${hue}-solid`, back] as const),
  ]),
  ...hues.map((hue) => [`${hue}-solid`, `${hue}-fill`] as const),
]

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const tooLow = (pairs: readonly (readonly [string, string])[], least: number) =>
    pairs
      .map(([front, back]) => ({ front, back, ratio: contrast(front, back, theme) }))
      .filter(({ ratio }) => !(ratio >= least))
      .map(({ front, back, ratio }) => `${front} on ${back}: ${ratio.toFixed(2)}`)

  test('text can be read wherever it stands', () => expect(tooLow(words, 4.5)).toEqual([]))
  test('icons, bars and edges of controls can be seen', () => expect(tooLow(shapes, 3)).toEqual([]))
})

test('every hue has all its steps', () => {
  const steps = hues.flatMap((hue) => ['text', 'fill', 'line', 'solid'].map((step) => `${hue}-${step}`))
  expect(steps.filter((name) => !colours.has(name))).toEqual([])
})
