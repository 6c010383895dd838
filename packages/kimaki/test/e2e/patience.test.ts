/** A long job keeps its place however much goes on beside it. */
import { beforeAll, expect, test } from 'vitest'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from 'scripted-model'
import { startInnerBot } from '../support/inner-bot.ts'
import { useHarness } from '../support/use-harness.ts'

const BEFORE = 20
const AFTER = 20
const AT_ONCE = 10

const RULES: readonly Rule[] = [
  {
    match: /job (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        text: `Working on ${tag}.`,
        calls: [{ name: 'bash', args: { command: 'until [ -f job-ends ]; do sleep 0.05; done', description: 'Wait' } }],
      },
      { kind: 'text', text: `Done with ${tag}` },
    ],
  },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, project } = useHarness({ rules: RULES })

beforeAll(async () => {
  await startInnerBot(harness)
})

test(`${BEFORE} exchanges beside a long job, a message for its queue, ${AFTER} more: the job ends undisturbed, then the message runs (P-008)`, async () => {
  const job = harness.owner.send(project.channelId, 'job #m1000').id
  await harness.untilSaid(job, 'Working on #m1000')
  const exchange = async (index: number): Promise<unknown> => {
    const { id } = harness.owner.send(project.channelId, `hello #m${index}`)
    return harness.untilSaid(id, /^\*alpha/)
  }
  const exchanges = async (first: number, end: number): Promise<void> => {
    for (let from = first; from < end; from += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, async (_, index) => exchange(from + index)))
  }
  await exchanges(0, BEFORE)
  harness.owner.send(job, 'and then #m1001. queue')
  await harness.untilSaid(job, 'queued at position 1')
  await exchanges(BEFORE, BEFORE + AFTER)
  expect(harness.said(job).some((text) => text.includes('Done with'))).toBe(false)
  writeFileSync(join(project.directory, 'job-ends'), '')
  await harness.untilSaid(job, 'Answer to #m1001')
  await harness.untilFooters(job, 2)
  await expect(await harness.transcript(job)).toMatchFileSnapshot('snapshots/patience.txt')
  harness.expectFaithful()
})
