import { join } from 'node:path'
import { expect, test } from 'vitest'
import { needsBrowser } from '../../scripts/testing/needs-browser.mjs'

const ready = { root: join(import.meta.dirname, '..', '..'), node: process.execPath, env: process.env }

test.each<[string[], boolean]>([
  [[], true],
  [['test/fakes'], true],
  [['test/scripts/count.test.ts'], false],
  [['test/scripts/count.test.ts', 'test/fakes/browser.browser.test.ts', '-t', 'axe'], true],
  [['--no-such-option'], true],
])('of the tests that %j chooses some drive a browser: %s', async (chosen, expected) => {
  expect(await needsBrowser(ready, chosen)).toBe(expected)
})
