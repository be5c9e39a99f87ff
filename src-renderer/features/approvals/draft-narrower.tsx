import { FilePen } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { GrantSuggestion } from '../../../shared/approval.ts'
import { printable } from '../../../shared/printable.ts'
import { call } from '../../call.ts'
import { changeDraft, draftSource, useDraft } from '../../parts/policy-draft.ts'
import { places } from '../../places.ts'
import { failureText } from '../../say/failure-text.ts'
import { Button } from '../../ui/button.tsx'
import { asFailure } from '../../use-call.ts'

/** Writes a draft in which the rules that asked leave out what was allowed again and again, and opens it in the editor. */
export function DraftNarrower({ suggestion: { client, tenant, server, tool } }: { suggestion: GrantSuggestion }) {
  const [, go] = useLocation()
  const drafts = useDraft()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const draft = async () => {
    const asked = {
      client: client.id,
      ...(tenant === undefined ? {} : { tenant }),
      server,
      tool,
      policy: draftSource(drafts),
    }
    // In this order: a file that changes in between makes the draft stale, which is told.
    const inFolder = await call('policy.files', {})
    const { files, added } = await call('policy.narrow', asked)
    for (const { path, text } of files) {
      const before = inFolder.find((file) => file.path === path && file.origin === 'local')
      const known = drafts.find((file) => file.path === path)
      changeDraft({ path, text, base: known ? known.base : (before?.hash ?? null) }, before)
    }
    const last = files.at(-1)
    const line = last
      ? last.text.split('\n').findIndex((words) => added.some((id) => words.includes(`id: ${id}`))) + 1
      : 0
    if (last) go(places.editFile(last.path, line))
  }
  const begin = () => {
    setBusy(true)
    setProblem(null)
    draft()
      .catch((error: unknown) => setProblem(failureText(asFailure(error))))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <Button
        size="small"
        loading={busy}
        icon={<FilePen size={14} aria-hidden="true" />}
        onClick={begin}
        aria-label={printable(`Draft a narrower rule for ${tool} of ${server}`)}
      >
        Draft a narrower rule
      </Button>
      {problem !== null && (
        <p role="alert" className="w-full text-denied-text">
          {problem}
        </p>
      )}
    </>
  )
}
