/** The name of a thread follows its session, once, unless a person chose another; typing is shown while it works, and not after. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { startInnerBot } from '../support/inner-bot.ts'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

const SLOW_TITLE_MS = 4000
/** Discord shows typing for 10 s; the bot renews it after so long. */
const PULSE_MS = 7000

const RULES: readonly Rule[] = [
  {
    withoutTools: true,
    match: /slowly/,
    steps: [{ kind: 'text', text: 'A name that took its time', delayMs: SLOW_TITLE_MS }],
  },
  { withoutTools: true, match: /./, steps: [{ kind: 'text', text: 'Mending the parser' }] },
  {
    match: /work (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        text: 'I work.',
        calls: [{ name: 'bash', args: { command: 'until [ -f worked ]; do sleep 0.05; done', description: 'Work' } }],
      },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, project, ask: send } = useHarness({ rules: RULES })

beforeAll(async () => {
  await startInnerBot(harness)
})

const nameOf = (thread: string): string => {
  const channel = harness.emulator.world.channel(thread)
  return channel && 'name' in channel ? (channel.name ?? '') : ''
}
const requests = (method: string, end: string) =>
  harness.emulator.journal.entries.filter(
    (entry) => entry.kind === 'request' && entry.method === method && entry.path.endsWith(end),
  )
const renames = (thread: string): number => requests('PATCH', `/channels/${thread}`).length
const pulses = (thread: string): number => requests('POST', `/channels/${thread}/typing`).length

/** The thread in which a run has ended, and when. */
const ended = { thread: '', at: 0, pulses: 0 }

test('typing is shown while it works, again and again', async () => {
  const thread = send('work #m7')
  await harness.untilSaid(thread, /bash _until/)
  const begun = pulses(thread)
  expect(begun).toBeGreaterThan(0)
  await until('another pulse', () => pulses(thread) > begun + 1)
  writeFileSync(join(project.directory, 'worked'), '')
  await harness.untilSaid(thread, FOOTER)
  Object.assign(ended, { thread, at: performance.now(), pulses: pulses(thread) })
  harness.expectFaithful()
})

test('a thread is named from its message at once, then once from the title, and the answer waits for neither', async () => {
  const thread = send('slowly tell me of the parser #m1')
  await harness.untilSaid(thread, 'Answer to #m1')
  expect(nameOf(thread)).toBe('slowly tell me of the parser #m1')
  await harness.emulator.world.until('the title', () => nameOf(thread) === 'A name that took its time' || undefined)
  send('and more #m2', thread)
  await harness.untilSaid(thread, 'Answer to #m2')
  expect(renames(thread)).toBe(1)
})

test('a name that a person chose stays', async () => {
  const thread = send('slowly, something else #m3')
  await harness.emulator.world.until('the thread', () => nameOf(thread) || undefined)
  harness.guild.rename(thread, 'my own name')
  await harness.untilSaid(thread, 'Answer to #m3')
  await harness.model.until(
    'the title',
    ({ hasTools, outcome, userTexts }) => !hasTools && outcome === 'done' && userTexts.some((text) => text.includes('#m3')),
  )
  send('and more #m4', thread)
  await harness.untilSaid(thread, 'Answer to #m4')
  expect(nameOf(thread)).toBe('my own name')
  expect(renames(thread)).toBe(0)
})

test('a rename that is never answered keeps no answer back', async () => {
  harness.emulator.faults.add({ route: 'PATCH /channels/:channel', effect: { kind: 'hang', commit: false } })
  const thread = send('mend it #m5')
  await until('the rename', () => renames(thread) > 0)
  await harness.untilSaid(thread, 'Answer to #m5')
  await harness.untilSaid(thread, FOOTER)
  send('and more #m6', thread)
  await harness.untilSaid(thread, 'Answer to #m6')
})

test('typing is not shown after the end', async () => {
  // The other tests have taken most of this time.
  await until('the time of a pulse to pass', () => performance.now() - ended.at > PULSE_MS + 1000)
  expect(pulses(ended.thread)).toBe(ended.pulses)
})
