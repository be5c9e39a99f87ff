import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Tests that drive a browser, which alone keeps two cores busy. */
const browserTests = 'test/**/*.browser.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    globalSetup: 'test/fakes/build-first.mjs',
    // Tests start thousands of processes: what Node made of a file is made once, not once per process.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'compiled') },
    testTimeout: 60_000,
    // What is waited for comes when a busy machine gets to it; a second is too little.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [browserTests, '**/node_modules/**'],
          // They wait for processes and clocks half of their time.
          maxWorkers: 3,
        },
      },
      {
        // After all others: browsers would starve the tests of time limits.
        extends: true,
        test: {
          name: 'browser',
          include: [browserTests],
          exclude: ['**/node_modules/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
