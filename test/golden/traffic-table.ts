import { type Treatment, traffic } from '../../shared/traffic.ts'

const decided = ({ kind, action }: Treatment): string => {
  if (kind === null) return 'no'
  return action === null ? `\`${kind}\`, as reviewed` : `\`${kind}\`, \`${action}\``
}

/** The table of methods as docs/traffic.md shows it: one row for each method, made from the table in the code. */
export function trafficTable(): string {
  const rows = Object.entries(traffic).map(([method, treatment]) => {
    const { from, recorded, scanned, why } = treatment
    return `| \`${method}\` | ${from} | ${decided(treatment)} | ${recorded} | ${scanned} | ${why} |`
  })
  const head = ['| method | sent by | decided as | recorded | scanned | remarks |', '|---|---|---|---|---|---|']
  return [...head, ...rows].join('\n')
}
