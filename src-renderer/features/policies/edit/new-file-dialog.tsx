import { useState } from 'react'
import { changeDraft, freeFileName } from '../../../parts/policy-draft.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input } from '../../../ui/field.tsx'

type NewFileDialogProps = { taken: readonly string[]; onClose: () => void; onNamed: (path: string) => void }

/** A rule file begins with a rule that changes nothing much: it only denies a tool that there hardly is. */
const beginning = `version: v1
rules:
  - id: my-rule
    match:
      labels:
        mcp.tool: name-of-a-tool
    decision: DENY
    reason: say why in one sentence
`
const testBeginning = `version: v1
tests:
  - name: unknown tools are denied
    envelope:
      tool: name-of-a-tool
    expect:
      effect: DENY
`

/** Asks for the name of a new file; it stands in the draft and nowhere else until it is saved. */
export function NewFileDialog({ taken, onClose, onNamed }: NewFileDialogProps) {
  const [name, setName] = useState(() => freeFileName('my-rules', taken))
  const [error, setError] = useState<string | null>(null)
  const create = () => {
    const path = /\.ya?ml$/.test(name) ? name : `${name}.yaml`
    const wrong = whatIsWrong(path, taken)
    setError(wrong)
    if (wrong !== null) return
    changeDraft({ path, text: /\.test\.ya?ml$/i.test(path) ? testBeginning : beginning, base: null }, undefined)
    onNamed(path)
  }
  return (
    <Dialog
      title="New file"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" onClick={create}>
            Begin
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create()
        }}
      >
        <Field
          label="Name"
          hint="It ends in .yaml; a file that ends in .test.yaml holds tests. It is not written before you save."
          error={error}
        >
          <Input data-autofocus mono value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  )
}

/** What the core takes too (`PolicyFileName`), and no path. */
const fileName = /^[^./\\\0][^/\\\0]{0,199}$/

function whatIsWrong(path: string, taken: readonly string[]): string | null {
  if (!fileName.test(path)) {
    return 'this cannot be the name of a file in the policy folder; use letters, digits and dashes'
  }
  const there = taken.some((other) => other.toLowerCase() === path.toLowerCase())
  return there ? `there is a file \`${path}\` already; choose another name` : null
}
