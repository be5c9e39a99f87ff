import type { ConsentSummary } from '../../shared/consents.ts'
import { VisibleText } from '../ui/visible-text.tsx'

/** Which apps wait to be let in, in words. */
export function AskingAppsSentence({ apps }: { apps: readonly ConsentSummary[] }) {
  const [first] = apps
  if (!first) return null
  const far = apps.filter(({ public_origin }) => public_origin !== null).length
  if (apps.length > 1) {
    return (
      <>
        {apps.length} apps ask to use tools through Toolgate
        {far > 0 && `, ${far === apps.length ? 'all' : far} over the network`}.
      </>
    )
  }
  return (
    <>
      <VisibleText text={first.app} /> asks to use tools through Toolgate{far > 0 && ', over the network'}.
    </>
  )
}
