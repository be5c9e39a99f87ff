import { Plus, X } from 'lucide-react'
import { LaunchWarnings } from '../../parts/argv-view.tsx'
import { CommandField } from '../../parts/command-field.tsx'
import type { ServerField } from '../../parts/field-of-failure.ts'
import type { ServerDraft } from '../../parts/server-choices.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'

type LaunchFieldsProps = {
  draft: ServerDraft
  onChange: (part: Partial<ServerDraft>) => void
  errorOf: (field: ServerField) => string | null
  /** Of a server that is registered: the names of variables or headers that have a value, which nobody is shown. */
  kept?: readonly string[]
}

/** Where a server runs, and what has to be known for that. */
export function LaunchFields(props: LaunchFieldsProps) {
  const { draft } = props
  const remote = draft.transport === 'http'
  return (
    <>
      {props.kept === undefined && <WhereField {...props} />}
      {remote ? <AddressFields {...props} /> : <CommandFields {...props} />}
    </>
  )
}

function WhereField({ draft, onChange }: LaunchFieldsProps) {
  return (
    <Field
      label="Where it runs"
      hint={
        draft.transport === 'http'
          ? 'Toolgate connects to it; it sees what calls say, and can change what it does at any time.'
          : 'Toolgate starts it when a client needs it.'
      }
    >
      <Select
        value={draft.transport}
        onChange={(event) => onChange({ transport: event.target.value === 'http' ? 'http' : 'stdio' })}
        className="max-w-80"
      >
        <option value="stdio">On this machine, by a command</option>
        <option value="http">Anywhere, at a URL</option>
      </Select>
    </Field>
  )
}

function CommandFields({ draft, onChange, errorOf, kept }: LaunchFieldsProps) {
  return (
    <>
      <CommandField line={draft.line} onChange={(line) => onChange({ line })} error={errorOf('line')} />
      <Field label="Folder" hint="Where it runs. Empty means your home folder." error={errorOf('folder')}>
        <Input mono value={draft.folder} onChange={(event) => onChange({ folder: event.target.value })} />
      </Field>
      <SecretPairs
        title="Environment variables"
        what="Keys and tokens that the server needs. It gets no others of yours."
        one="variable"
        example="GITHUB_TOKEN"
        rows={draft.env}
        kept={kept ?? []}
        onChange={(env) => onChange({ env })}
        error={errorOf('env')}
      />
    </>
  )
}

function AddressFields({ draft, onChange, errorOf, kept }: LaunchFieldsProps) {
  const url = draft.url.trim()
  return (
    <>
      <div className="flex flex-col gap-2">
        <Field
          label="URL"
          hint="As its documentation has it: https, or http on this machine. Both transports of MCP over HTTP will do."
          error={errorOf('url')}
        >
          <Input
            mono
            type="url"
            value={draft.url}
            onChange={(event) => onChange({ url: event.target.value })}
            placeholder="https://mcp.example.com/mcp"
          />
        </Field>
        {url !== '' && <LaunchWarnings launch={{ transport: 'http', url, reach: 'internet', header_names: [] }} />}
      </div>
      <SecretPairs
        title="Headers"
        what="Keys and tokens that the server wants, such as Authorization. Signing in with OAuth is not there yet."
        one="header"
        example="Authorization"
        rows={draft.headers}
        kept={kept ?? []}
        onChange={(headers) => onChange({ headers })}
        error={errorOf('headers')}
      />
    </>
  )
}

type Rows = ServerDraft['env']

type SecretPairsProps = {
  title: string
  what: string
  /** What one row is called. */
  one: string
  example: string
  rows: Rows
  kept: readonly string[]
  onChange: (rows: Rows) => void
  error: string | null
}

function SecretPairs({ title, what, one, example, rows, kept, onChange, error }: SecretPairsProps) {
  const change = (at: number, part: { name?: string; value?: string }) =>
    onChange(rows.map((each, place) => (place === at ? { ...each, ...part } : each)))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="font-strong">{title}</legend>
      <p className="text-muted">{what} Values are kept in the profile and never shown again.</p>
      {rows.map(({ name, value }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row that is being typed has no name yet
        <div key={at} className="flex items-center gap-2">
          <Input
            mono
            aria-label={`Name of ${one} ${at + 1}`}
            placeholder={example}
            value={name}
            onChange={(event) => change(at, { name: event.target.value })}
          />
          <Input
            mono
            type="password"
            autoComplete="new-password"
            aria-label={`Value of ${one} ${at + 1}`}
            placeholder={kept.includes(name) ? 'as it is' : 'value'}
            value={value}
            onChange={(event) => change(at, { value: event.target.value })}
          />
          <IconButton label={`Leave out ${one} ${at + 1}`} onClick={() => onChange(rows.toSpliced(at, 1))}>
            <X size={14} />
          </IconButton>
        </div>
      ))}
      {error && (
        <p role="alert" className="text-denied-text">
          {error}
        </p>
      )}
      <Button
        size="small"
        className="self-start"
        icon={<Plus size={12} aria-hidden="true" />}
        onClick={() => onChange([...rows, { name: '', value: '' }])}
      >
        Add a {one}
      </Button>
    </fieldset>
  )
}
