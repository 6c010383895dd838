/** The name of a thread follows its session, once, unless a person chose another; typing is shown while it works, and not after. */
import type { Rule } from 'scripted-model'
import { beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

const SLOW_TITLE_MS = 4000

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
      { kind: 'tools', text: 'I work.', calls: [{ name: 'bash', args: { command: 'sleep 8', description: 'Work' } }] },
      { kind: 'text', text: `Answer to ${tag}` },
    ],
  },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, ask: send } = useHarness({ rules: RULES, opencode: 'lent' })

beforeAll(async () => {
  await harness.bot()
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

test('typing is shown while it works, again and again, and never after the end', async () => {
  const thread = send('work #m7')
  await harness.untilSaid(thread, /bash _sleep 8_/)
  const begun = pulses(thread)
  expect(begun).toBeGreaterThan(0)
  await until('another pulse', () => pulses(thread) > begun + 1)
  await harness.untilSaid(thread, FOOTER)
  const atEnd = pulses(thread)
  await new Promise((resolve) => setTimeout(resolve, 8000))
  expect(pulses(thread)).toBe(atEnd)
  harness.expectFaithful()
})
