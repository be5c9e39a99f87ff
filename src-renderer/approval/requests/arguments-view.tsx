import { Search } from 'lucide-react'
import { useMemo } from 'react'
import type { ApprovalView } from '../../../shared/approval.ts'
import { type CodeKind, type CodeToken, shellTokens, sqlTokens, tokenLines } from '../../say/code-tokens.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { CodeBlock, CodeLines } from '../../ui/code-block.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { TextDiff } from '../../ui/text-diff.tsx'
import { VisibleText } from '../../ui/visible-text.tsx'
import { type ArgumentPart, argumentParts } from './argument-parts.ts'
import { FindInArguments } from './find-in-arguments.tsx'
import { PartFacts } from './part-facts.tsx'

/** Beyond these every argument by itself would be no help to anybody, and too much to draw. */
const mostParts = 60
const longestName = 200

/** How the arguments are being read: as they were sent, and what is looked for in them; null: nothing. */
export type Reading = { asSent: boolean; finding: string | null }

type ArgumentsProps = {
  view: Pick<ApprovalView, 'arguments' | 'also_sent' | 'action' | 'resources'>
  reading: Reading
  onReading: (reading: Reading) => void
  /** Absent where they may not be changed. */
  onEdit?: () => void
}

/** Exactly what the call carries, all of it: read at ease, or as it was sent. */
export function ArgumentsView({ view, reading, onReading, onEdit }: ArgumentsProps) {
  const parts = useMemo(() => argumentParts(view.arguments), [view.arguments])
  const { asSent, finding } = reading
  const exact = asSent || parts === null
  return (
    <>
      <div className="flex h-6 items-center">
        <h3 className="flex-1 text-muted">Arguments</h3>
        <IconButton
          label="Find in the arguments"
          kbd="Mod+F"
          size="small"
          pressed={finding !== null}
          onClick={() => onReading({ ...reading, finding: finding === null ? '' : null })}
        >
          <Search size={13} aria-hidden="true" />
        </IconButton>
        {onEdit && (
          <Button look="ghost" size="small" kbd="E" onClick={onEdit}>
            Edit
          </Button>
        )}
        {parts && parts.length > 0 && (
          <Button
            look="ghost"
            size="small"
            kbd="R"
            aria-pressed={asSent}
            onClick={() => onReading({ ...reading, asSent: !asSent })}
          >
            {asSent ? 'Easy to read' : 'As sent'}
          </Button>
        )}
      </div>
      {finding !== null && (
        <FindInArguments
          view={view}
          parts={exact ? null : parts}
          text={finding}
          onText={(text) => onReading({ ...reading, finding: text })}
        />
      )}
      {exact ? (
        <CodeBlock label="arguments as sent" text={view.arguments} whole />
      ) : parts.length === 0 ? (
        <p className="text-faint">None.</p>
      ) : parts.length > mostParts || parts.some(({ name }) => name.length > longestName) ? (
        <JsonView label="arguments" text={view.arguments} whole />
      ) : (
        <Parts parts={parts} writes={view.action !== 'read' && view.resources.length > 0} />
      )}
      {view.also_sent !== '' && (
        <div className="mt-2 flex flex-col gap-1">
          <h3 className="text-muted">Sent along</h3>
          <JsonView label="what is sent along" text={view.also_sent} whole />
        </div>
      )}
    </>
  )
}

function Parts({ parts, writes }: { parts: readonly ArgumentPart[]; writes: boolean }) {
  const short = parts.filter((part) => part.kind === 'short')
  return (
    <div className="flex flex-col gap-2">
      {short.length > 0 && (
        <dl className="grid grid-cols-[minmax(48px,auto)_minmax(0,1fr)] gap-x-3 rounded-md border border-line bg-sunken px-3 py-1.5 font-mono text-code">
          {short.map((part) => (
            <Short key={part.name} part={part} />
          ))}
        </dl>
      )}
      {parts.map((part) => part.kind !== 'short' && <Long key={part.name} part={part} writes={writes} />)}
    </div>
  )
}

function Short({ part: { name, text, word } }: { part: Extract<ArgumentPart, { kind: 'short' }> }) {
  return (
    <>
      <dt className="max-w-40 text-muted">
        <VisibleText text={name} />
      </dt>
      <dd className={word ? 'text-code-number' : 'text-ink'}>
        {text === '' ? <span className="font-sans text-faint">empty text</span> : <VisibleText text={text} />}
      </dd>
    </>
  )
}

/** Names of arguments that hold what a file will be. */
const contents = ['content', 'contents', 'file_text', 'new_content', 'data']

type LongProps = { part: Exclude<ArgumentPart, { kind: 'short' }>; writes: boolean }

function Long({ part, writes }: LongProps) {
  const overwrites = writes && part.kind === 'text' && contents.includes(part.name)
  const lines = 'text' in part ? part.text.split('\n').length : 0
  return (
    <div className="flex flex-col gap-1">
      <p className="flex justify-between text-muted text-small">
        <code className="text-small">
          <VisibleText text={part.name} />
        </code>
        <span>
          {overwrites && 'what is there now is not shown · '}
          {lines > 1 && `${lines.toLocaleString('en')} lines`}
        </span>
      </p>
      <PartFacts part={part} />
      <Body part={part} />
    </div>
  )
}

function Body({ part }: { part: Exclude<ArgumentPart, { kind: 'short' }> }) {
  switch (part.kind) {
    case 'text':
      return <CodeBlock label={part.name} text={part.text} numbers={part.text.includes('\n')} whole />
    case 'json':
      return <JsonView label={part.name} text={part.json} whole />
    case 'edits':
      return part.edits.map(({ before, after }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: edits have no identity but their order
        <TextDiff key={at} before={before} after={after} names={['Replaces', 'with']} look="inline" />
      ))
    default:
      return <Tinted label={part.name} text={part.text} tokens={part.kind === 'sql' ? sqlTokens : shellTokens} />
  }
}

const tints: Record<CodeKind, string> = {
  word: 'text-code-word',
  text: 'text-code-text',
  number: 'text-code-number',
  note: 'text-faint',
  mark: 'text-muted',
  plain: 'text-ink',
}

function Tinted({ label, text, tokens }: { label: string; text: string; tokens: (text: string) => CodeToken[] }) {
  const lines = useMemo(
    () =>
      tokenLines(tokens(text)).map((line) => ({
        pieces: line.map(({ kind, text: piece }) => ({ text: piece, look: tints[kind] })),
      })),
    [text, tokens],
  )
  return <CodeLines label={label} copy={text} whole numbers={lines.length > 1} lines={lines} />
}
