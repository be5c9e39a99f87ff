import { type ReactNode, useState } from 'react'
import type { StatusView } from '../../shared/calls.ts'
import { entryName, serverAddress } from '../../shared/client-configuration.ts'
import { allServers } from '../../shared/link.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { CopyButton } from '../ui/copy-text.tsx'
import { Field, Select } from '../ui/field.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { type ClientKind, clientKinds, tokenPlace } from './client-kinds.ts'
import { OpenApprovalsButton } from './open-approvals-button.tsx'

type ClientSetupProps = { status: StatusView /** At the level of headings on its page. */; primary?: boolean }

/** How a client is connected: an entry made by a person, and lines in the client's own configuration. */
export function ClientSetup({ status, primary = false }: ClientSetupProps) {
  const [kind, setKind] = useState('cursor')
  const approved = status.servers.filter(({ state }) => state === 'approved').map(({ name }) => name)
  const [chosen, setServer] = useState<string | null>(null)
  const server = chosen ?? approved[0] ?? null
  return (
    <ol className="flex flex-col gap-4">
      <Step number={1} words="Make an entry for it. In the approval window you choose its name, and how it connects.">
        <OpenApprovalsButton at="/clients/new" look={primary ? 'primary' : 'secondary'}>
          Connect a client
        </OpenApprovalsButton>
      </Step>
      <Step
        number={2}
        words={
          approved.length > 1
            ? "Copy the lines that you are given there into the client's configuration: once per server, or once for all of them, whose tools then carry their server's name."
            : "Copy the lines that you are given there into the client's configuration, once per server."
        }
      >
        {approved.length > 1 && (
          <div className="w-60">
            <Field label="Server">
              <Select value={server ?? ''} onChange={(event) => setServer(event.target.value)}>
                {approved.map((name) => (
                  <option key={name}>{name}</option>
                ))}
                <option value={allServers}>All servers at once</option>
              </Select>
            </Field>
          </div>
        )}
        <Tabs
          label="Clients"
          selected={kind}
          onSelect={setKind}
          tabs={clientKinds.map((it) => ({
            id: it.id,
            label: it.name,
            content: <Kind kind={it} server={server} status={status} />,
          }))}
        />
      </Step>
    </ol>
  )
}

function Step({ number, words, children }: { number: number; words: string; children: ReactNode }) {
  return (
    <li className="flex flex-col items-start gap-2 [&>*]:max-w-full">
      <p>
        <span className="mr-2 text-faint">{number}.</span>
        {words}
      </p>
      <div className="flex w-full flex-col items-start gap-3 pl-5 [&>[data-orientation]]:w-full">{children}</div>
    </li>
  )
}

type KindProps = { kind: ClientKind; server: string | null; status: StatusView }

function Kind({ kind, server, status }: KindProps) {
  return (
    <div className="flex flex-col gap-3">
      {kind.files.length > 0 && (
        <ul className="flex flex-col">
          {kind.files.map(({ system, path }) => (
            <li key={path} className="flex flex-wrap items-center gap-1">
              {system && <span className="text-muted">{system}:</span>}
              <code>{path}</code>
              <CopyButton text={path} label={`Copy the path${system ? ` for ${system}` : ''}`} />
            </li>
          ))}
        </ul>
      )}
      <p className="text-muted">
        <b className="text-ink">With a local entry</b>, put the lines below <code>{kind.key}</code>
        {kind.key === 'servers' && (
          <>
            {' '}
            (where the lines say <code>mcpServers</code>)
          </>
        )}
        . They start the client's end of Toolgate, which proves who it is with a secret of its own.
      </p>
      <Http kind={kind} server={server} status={status} />
      <p className="text-muted">{kind.after}</p>
    </div>
  )
}

function Http({ kind, server, status: { http, http_problem } }: KindProps) {
  if (kind.http === null) return <p className="text-muted">It cannot reach a server over HTTP on this machine.</p>
  if (http === null) {
    return <p className="text-muted">HTTP is closed{http_problem === null ? '' : `: ${http_problem}`}.</p>
  }
  const url = server === null ? http : serverAddress(http, server)
  return (
    <>
      <p className="text-muted">
        <b className="text-ink">With an HTTP token</b>, put this there and the token in the place of{' '}
        <code>{tokenPlace}</code>.
      </p>
      <CodeBlock
        label={`HTTP for ${kind.name}`}
        text={kind.http(server === null ? '<server>' : entryName(server), url)}
      />
    </>
  )
}
