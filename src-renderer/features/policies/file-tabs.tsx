import { FileText } from 'lucide-react'
import { useLocation } from 'wouter'
import type { PolicyFileView, PolicyProblem } from '../../../shared/policy-view.ts'
import { places } from '../../places.ts'
import { Card } from '../../ui/card.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { FileView } from './file-view.tsx'
import type { Where } from './where.ts'

type FileTabsProps = { files: readonly PolicyFileView[]; problems: readonly PolicyProblem[]; where: Where }

/** The rule files as they lie in their folders now, one at a time; they are read here and edited elsewhere. */
export function FileTabs({ files, problems, where: { rule, file, range } }: FileTabsProps) {
  const [, go] = useLocation()
  if (!file) {
    return (
      <Card>
        <EmptyState icon={<FileText size={24} />} title="There is no rule file">
          <p>
            Put a file such as <code>rules.yaml</code> into the policy folder. What was in force before stays so.
          </p>
        </EmptyState>
      </Card>
    )
  }
  const own = problems.filter((problem) => problem.file === file.path)
  const marks = new Map(own.map((problem) => [problem.line, problem.message]))
  return (
    <div className="flex flex-col gap-2">
      {files.length > 1 && (
        <Field label="File">
          <Select
            value={file.path}
            onChange={(event) => go(places.policyLine(event.target.value, 0))}
            className="max-w-120"
          >
            {files.map(({ path, origin }) => (
              <option key={path} value={path}>
                {path}
                {origin === 'org' ? ' (organisation)' : ''}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {rule && range === null && (
        <p className="text-asked-text">
          {rule.id} is in force, but in no file any more: the files have changed and do not rule yet.
        </p>
      )}
      <FileView key={file.path} file={file} range={range} marks={marks} />
    </div>
  )
}
