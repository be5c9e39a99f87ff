import { expect, test } from 'vitest'
import type { ConstraintResult } from '../../../shared/audit.ts'
import { boundResultWords } from '../../../src-renderer/say/bound-result.ts'

test.each<[ConstraintResult, string, string]>([
  [{ bound: 'max_rows', rule: 'few', result: 'truncated', detail: '2 of 5 rows' }, 'Rows', 'cut: 2 of 5 rows'],
  [{ bound: 'mask_fields', result: 'masked', detail: 'email: 3' }, 'Masked fields', 'masked: email: 3'],
  [{ bound: 'max_bytes', result: 'held', detail: '' }, 'Length of the answer', 'kept'],
  [
    {
      ...({ bound: 'rate_limit', rule: 'a, b', result: 'refused' } as const),
      detail: '`rate_limit`, set by `a`, `b`: at most 2 calls in 60 s for each client; try again in 5 s',
    },
    'How often',
    'refused: at most 2 calls in 60 s for each client; try again in 5 s',
  ],
  [{ bound: 'of_a_later_version', result: 'held', detail: 'x' }, 'of_a_later_version', 'kept: x'],
])('%o', (done, name, said) => {
  expect(boundResultWords(done)).toEqual({ name, said })
})
