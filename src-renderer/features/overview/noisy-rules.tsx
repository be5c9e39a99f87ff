import { places } from '../../places.ts'
import { BarList } from './bar-list.tsx'
import type { NoisyRule } from './call-figures.ts'

/** The rules that interrupt most: where a better rule would save the most questions. */
export function NoisyRules({ rules }: { rules: readonly NoisyRule[] }) {
  const lines = rules.map(({ id, asked, refused }) => ({
    ...{ key: id, name: id, href: places.rule(id), count: asked + refused },
    told: told(asked, refused),
  }))
  return <BarList lines={lines} tone="asked" none="No rule has asked or denied in the newest calls." />
}

function told(asked: number, refused: number): string {
  const parts = [asked > 0 ? `asked ${asked}` : '', refused > 0 ? `denied ${refused}` : '']
  return parts.filter((part) => part !== '').join(', ')
}
