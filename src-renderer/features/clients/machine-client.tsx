import type { ConfigEntryView, ConfigFileView, FoundClient } from '../../../shared/client-config.ts'
import { OpenApprovalsButton } from '../../parts/open-approvals-button.tsx'
import { guards } from '../../say/guard.ts'
import { shortPath } from '../../say/short-path.ts'
import { Badge } from '../../ui/badge.tsx'
import { Chip } from '../../ui/chip.tsx'
import { ClientMark } from '../../ui/client-mark.tsx'
import { Hint } from '../../ui/hint.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'

/** One client: its files, its servers with how well each is guarded, and what can be done. */
export function MachineClient({ client, home }: { client: FoundClient; home: string | null }) {
  const { name, files, apply, applied, hooks, beyond } = client
  const unseen = files.some(({ entries }) => entries.some(({ guard }) => guard === 'configured'))
  return (
    <section aria-label={name} className="flex flex-col gap-3 px-4 py-3">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <ClientMark name={name} claimed={false} />
        <h3 className="min-w-0 flex-1">{name}</h3>
        <Actions client={client} />
      </header>
      {files.length === 0 && <p className="text-muted">It is installed and has no configuration with servers yet.</p>}
      {files.map((file) => (
        <File key={file.path} file={file} home={home} />
      ))}
      {hooks && <OwnTools hooks={hooks} home={home} />}
      {beyond.map(({ path, servers, why }) => (
        <p key={path} className="flex flex-wrap items-center gap-x-2">
          <Badge>Left alone</Badge>
          <span className="font-strong">
            <VisibleText text={servers.join(', ')} />
          </span>
          <span className="text-muted">
            <VisibleText text={shortPath(path, home)} />: {why}
          </span>
        </p>
      ))}
      {applied === false && (
        <p className="text-muted">
          To apply: <Hint text={apply} />.
        </p>
      )}
      {applied === true && unseen && (
        <p className="text-muted">It has read the change. Its servers are verified with their first call.</p>
      )}
    </section>
  )
}

function Actions({ client: { id, files, hooks } }: { client: FoundClient }) {
  const connected = files.some((file) => file.connected) || hooks?.connected === true
  const open = files.some(({ entries }) => entries.some(({ guard }) => guard === 'bypassed'))
  const silent = hooks?.connected === true && !hooks.on
  const more = hooks !== null && !hooks.on && !open
  return (
    <span className="flex gap-2">
      {(open || silent || more) && (
        <OpenApprovalsButton
          at={`/clients/connect/${id}`}
          size="small"
          look={connected && (open || silent) ? 'primary' : 'secondary'}
        >
          {connected && (open || silent) ? 'Repair' : open ? 'Connect' : 'Connect its own tools'}
        </OpenApprovalsButton>
      )}
      {connected && (
        <OpenApprovalsButton at={`/clients/undo/${id}`} size="small" look="ghost">
          Undo
        </OpenApprovalsButton>
      )}
    </span>
  )
}

function File({ file: { path, problem, entries, connected }, home }: { file: ConfigFileView; home: string | null }) {
  return (
    <div>
      <p className="flex flex-wrap items-center gap-2 text-muted">
        <code className="[overflow-wrap:anywhere]">
          <VisibleText text={shortPath(path, home)} />
        </code>
        {connected && <Badge>changed by Toolgate</Badge>}
      </p>
      {problem !== null && (
        <p className="text-denied-text">
          It is left alone: <VisibleText text={problem} />. Put it right in an editor.
        </p>
      )}
      {entries.length > 0 && (
        <ul className="mt-1 flex flex-col gap-1">
          {entries.map((entry) => (
            <Entry key={JSON.stringify(entry.place)} entry={entry} />
          ))}
        </ul>
      )}
    </div>
  )
}

function GuardMark({ guard, word, tip }: { guard: ConfigEntryView['guard']; word?: string; tip?: string }) {
  const { tone, means, ...plain } = guards[guard]
  if (tone === null) return <Badge>{word ?? plain.word}</Badge>
  return <Chip tone={tone} word={word ?? plain.word} tip={tip ?? means} />
}

function Entry({ entry: { name, off, guard, why, server } }: { entry: ConfigEntryView }) {
  return (
    <li className="flex flex-wrap items-center gap-x-2">
      <GuardMark guard={guard} />
      <span className="font-strong">
        <VisibleText text={name} />
      </span>
      {server !== null && server !== name && (
        <span className="text-muted">
          as <VisibleText text={server} />
        </span>
      )}
      {off && <Badge>switched off</Badge>}
      {why !== null && (
        <span className="text-muted">
          <Hint text={why} />
        </span>
      )}
    </li>
  )
}

function OwnTools({ hooks, home }: { hooks: NonNullable<FoundClient['hooks']>; home: string | null }) {
  const { path, on, connected, problem, server, limits } = hooks
  if (problem !== null) {
    return (
      <p className="text-denied-text">
        Its own tools cannot be governed: <VisibleText text={`${shortPath(path, home)}: ${problem}`} />
      </p>
    )
  }
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-2">
        {on ? (
          <GuardMark guard="configured" tip={limits} />
        ) : connected ? (
          <GuardMark guard="bypassed" word="No longer asks" tip="its file no longer names the hook" />
        ) : (
          <GuardMark guard="left" word="Not governed" />
        )}
        <span className="font-strong">Its own shell and file tools</span>
        {on && (
          <span className="text-muted">
            as <VisibleText text={server} />
          </span>
        )}
      </p>
      {on && (
        <p className="text-muted">
          <Hint text={`${limits}.`} />
        </p>
      )}
    </div>
  )
}
