import { Button } from '../../ui/button.tsx'
import { AskedIcon } from '../../ui/icons.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { useCall } from '../../use-call.ts'

/** Apps ask to be let in while the person is elsewhere on this page: says so, and leads to the one that has waited longest. */
export function AskingApps({ but, go }: { but: string | null; go: (to: string) => void }) {
  const { value: waiting = [] } = useCall('consents.list', {}, ['consents'])
  const others = waiting.filter(({ id }) => id !== but)
  const [first] = others
  return (
    <div role="status">
      {first && (
        <div className="flex items-center gap-2 border-asked-line border-b bg-asked-fill py-1.5 pr-2 pl-4 text-asked-text">
          <AskedIcon className="shrink-0" />
          <b className="min-w-0 flex-1 truncate">
            {others.length === 1 ? <VisibleText text={first.app} /> : `${others.length} apps`}{' '}
            {others.length === 1 ? 'asks to connect' : 'ask to connect'}
            {others.every(({ public_origin }) => public_origin !== null) && ' over the network'}
          </b>
          <Button size="small" onClick={() => go(`/consents/${first.id}`)}>
            Look
          </Button>
        </div>
      )}
    </div>
  )
}
