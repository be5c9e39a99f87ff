import { asSentence } from '../../say/as-sentence.ts'
import { Hint } from '../../ui/hint.tsx'
import { AskedIcon, GuardedIcon } from '../../ui/icons.tsx'

/** `past`: it has happened, so that nothing waits. */
type ChangesProps = { loosens: readonly string[]; tightens: readonly string[]; past?: boolean }

/** What one policy changes over another, in words: what it loosens first, because that is what a person has to confirm. */
export function ChangesList({ loosens, tightens, past = false }: ChangesProps) {
  if (loosens.length + tightens.length === 0) {
    return (
      <p className="text-muted">
        {past ? 'Nothing: every call was decided as before.' : 'Nothing: every call is decided as before.'}
      </p>
    )
  }
  return (
    <div className="flex flex-col gap-3">
      {loosens.length > 0 && (
        <section aria-label="Loosens" className="rounded-md border border-asked-line bg-asked-fill px-3 py-2">
          <h3 className="flex items-center gap-2 text-asked-text">
            <AskedIcon className="shrink-0" />
            {past ? 'Loosened' : 'Loosens: waits until a person confirms it'}
          </h3>
          <Items texts={loosens} />
        </section>
      )}
      {tightens.length > 0 && (
        <section aria-label="Tightens" className="rounded-md border border-line bg-raised px-3 py-2">
          <h3 className="flex items-center gap-2">
            <GuardedIcon className="shrink-0 text-allowed-text" />
            {tightensWords(loosens.length > 0, past)}
          </h3>
          <Items texts={tightens} />
        </section>
      )}
    </div>
  )
}

/** Texts shown before the rest is counted. */
const first = 20

function Items({ texts }: { texts: readonly string[] }) {
  return (
    <ul className="mt-1 list-disc pl-6">
      {texts.slice(0, first).map((text) => (
        <li key={text}>
          <Hint text={asSentence(text)} />
        </li>
      ))}
      {texts.length > first && <li>and {texts.length - first} more</li>}
    </ul>
  )
}

function tightensWords(withLoosening: boolean, past: boolean): string {
  if (past) return 'Tightened'
  return withLoosening ? 'Tightens: waits together with the rest' : 'Tightens: takes effect at once'
}
