import type { z } from 'zod'
import type { PolicyProblem } from '../../../../shared/policy-view.ts'
import type { Complaint } from '../problem.ts'
import { quote } from '../quote.ts'
import type { PolicyFile } from '../rule.ts'
import { type DataPath, placesIn, readYaml } from '../yaml-source.ts'
import { type PolicyTest, TestFile } from './test-file.ts'

/** A test with the place at which a person finds what it expects. */
export type PlacedTest = PolicyTest & { file: string; origin: PolicyFile['origin']; line: number; column: number }

const mostProblems = 50

/** The tests of a file, or why it holds none. */
export function readTests(file: PolicyFile): { tests: PlacedTest[]; problems: PolicyProblem[] } {
  const place = placesIn(file.text)
  const { source, findings } = readYaml(file.text)
  const problem = (offset: number, { message, expected, suggestion }: Complaint): PolicyProblem => ({
    file: file.path,
    ...place(offset),
    ...{ message, expected, suggestion },
  })
  if (!source) return { tests: [], problems: findings.map((finding) => problem(finding.offset, finding)) }
  const shape = TestFile.safeParse(source.value)
  if (!shape.success) {
    const complaints = shape.error.issues.slice(0, mostProblems).flatMap(describe)
    const at = ({ path, key }: Placed) => (key === undefined ? source.offsetOf(path) : source.offsetOfKey(path, key))
    return { tests: [], problems: complaints.map((complaint) => problem(at(complaint), complaint)) }
  }
  const { path: name, origin } = file
  const tests = shape.data.tests.map((test, index) => ({
    ...{ ...test, file: name, origin },
    ...place(source.offsetOfKey(['tests', index], 'expect')),
  }))
  return { tests, problems: [] }
}

type Placed = Complaint & { path: DataPath; key?: string }

function describe(issue: z.core.$ZodIssue): Placed[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, mostProblems).map((key) => ({
      ...{
        path,
        key,
        message: `${quote(key)} is not a key of ${path.length === 0 ? 'a file of tests' : 'a test, here'}`,
      },
      ...{ expected: 'the keys of a test: `name`, `envelope`, `expect`', suggestion: 'remove it; see docs/policy.md' },
    }))
  }
  // Of a text or a map, the map is what a person means to write when neither fits.
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.at(-1)?.[0]
    if (inner) return describe({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue)
  }
  const name = path.findLast((step) => typeof step === 'string') ?? 'the file'
  return [
    {
      ...{
        path,
        message: `${quote(name)} does not fit: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`,
      },
      ...{ expected: 'a table of tests', suggestion: 'see the example in docs/policy.md' },
    },
  ]
}
