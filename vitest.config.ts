import { defineConfig } from 'vitest/config'

/** Tests that drive a browser, which alone keeps two cores busy. */
const browserTests = 'test/**/*.browser.test.ts'

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [browserTests, '**/node_modules/**'],
          maxWorkers: 2,
        },
      },
      {
        // After all others and one file at a time: two browsers at once would starve each other, and the tests of time limits.
        extends: true,
        test: {
          name: 'browser',
          include: [browserTests],
          exclude: ['**/node_modules/**'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
