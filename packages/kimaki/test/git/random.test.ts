/** Whatever people have left in a repository, whatever is asked and whenever Kimaki is killed: no commit and no byte is gone. */
import { array, assert, asyncProperty, boolean, constantFrom, integer, record, subarray } from 'fast-check'
import { expect, test } from 'vitest'
import { Git, type Ran, type RunOptions } from '../../src/git/process.ts'
import { makeWorktree } from '../../src/git/worktrees/make.ts'
import { Claims } from '../../src/git/worktrees/claims.ts'
import { worlds } from '../support/runs.ts'
import { DEEDS, LEFT, RandomWork } from './random.ts'

const deed = record({
  kind: constantFrom(...DEEDS),
  slug: constantFrom('one', 'two'),
  killedAfter: integer({ min: 1, max: 40 }),
  isAskedAgain: boolean(),
})

/** Of what is done in one world: each costs some 0.1 s of CPU time. */
const longest = process.env['WORLD_RUNS'] === undefined ? 3 : 12

test('every commit and every byte that was there is reachable, or on the disk', async () => {
  await assert(
    asyncProperty(
      subarray([...LEFT], { maxLength: 4 }),
      array(deed, { minLength: 2, maxLength: longest }),
      async (left, deeds) => {
        const work = new RandomWork(left)
        try {
          await work.do({ kind: 'make', slug: 'one', killedAfter: 1000, isAskedAgain: false })
          for (const next of deeds) await work.do(next)
          expect(work.lost()).toEqual([])
        } finally {
          work.repository.remove()
        }
      },
    ),
    { numRuns: worlds(5) },
  )
})

/** As `git worktree add -B` does it: a branch of that name is taken for none, and moved. */
class Resetting extends Git {
  override async run(cwd: string, args: readonly string[], options?: RunOptions): Promise<Ran> {
    const isOurs = args.some((arg) => arg.includes('refs/heads/opencode/kimaki-'))
    if (isOurs && args[0] === 'rev-parse') return { code: 1, stdout: '', stderr: '', timedOut: false }
    return super.run(cwd, isOurs && args[0] === 'update-ref' ? args.slice(0, -1) : args, options)
  }
}

test('red control: with a branch that is reset, a commit is gone', async () => {
  const work = new RandomWork(['taken'])
  const { repository } = work
  const deps = {
    git: new Resetting(process.env),
    claims: new Claims(repository.dataDir),
    now: () => repository.now,
    mayWorkIn: async () => undefined,
    mayInstall: () => false,
  }
  await makeWorktree(deps, { id: 't', source: repository.source, slug: 'one' })
  expect(work.lost()).toEqual([expect.stringMatching(/^the commit /)])
  repository.remove()
})
