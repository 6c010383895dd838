import { defineConfig } from 'vitest/config'
import { LongestFirst } from './packages/kimaki/test/support/longest-first.ts'

/** What starts processes of its own, or changes what a process has only once: its signals, its memory, its open files. */
const WORLD = [
  'packages/kimaki/test/{build,cli,crash,e2e,faults,git,host,load,opencode}/**/*.test.ts',
  'packages/playground/test/**/*.test.ts',
  'packages/gateway/test/{build,crash,e2e}/**/*.test.ts',
]

/**
 * Node reads TypeScript itself: a third less CPU time for the small files than with Vite's module runner, which transforms each file and
 * puts every use of an import behind a getter. No test uses what only Vite has (`vi.mock`, `import.meta.env`).
 */
const experimental = { viteModuleRunner: false, nodeLoader: false }

export default defineConfig({
  test: {
    retry: 0,
    // Nothing takes so long; a machine that is busy fails no test.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 90_000 } },
    // More than there are processors: most end-to-end files wait for a timer of the product, or for OpenCode, at any moment.
    maxWorkers: 5,
    // A module is evaluated once for each worker, not once for each file: half the CPU time of the small files.
    isolate: false,
    experimental,
    globalSetup: ['packages/kimaki/test/support/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    reporters: ['default', ...(process.env['UPDATE_DURATIONS'] ? ['packages/kimaki/test/support/record-durations.ts'] : [])],
    projects: [
      { extends: true, test: { name: 'world', include: WORLD, pool: 'forks' } },
      { extends: true, test: { name: 'unit', include: ['packages/*/test/**/*.test.ts'], exclude: WORLD, pool: 'threads' } },
    ],
  },
})
