/** When the agent sees a message that comes while it works. */
import { beforeAll, expect, test } from 'vitest'
import type { Rule } from 'scripted-model'
import { startInnerBot } from '../support/inner-bot.ts'
import { FOOTER, useHarness } from '../support/use-harness.ts'

const LIMIT_MS = 1500

const sleep = (seconds: number, tag: string | undefined): ReturnType<Extract<Rule['steps'], (...args: never) => unknown>> => [
  { kind: 'tools', calls: [{ name: 'bash', args: { command: `sleep ${seconds}`, description: 'Wait' } }] },
  { kind: 'text', text: `Answer to ${tag}` },
]

const RULES: readonly Rule[] = [
  { match: /long (#m\d+)/, steps: ([, tag]) => sleep(60, tag) },
  { match: /short (#m\d+)/, steps: ([, tag]) => sleep(0.4, tag) },
  { match: /slow (#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}`, delayMs: LIMIT_MS * 2 }] },
  {
    match: /essay (#m\d+)/,
    steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag} in many words`, chunks: 50, delayMs: 200 }],
  },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]

const { harness, project } = useHarness({ rules: RULES })

beforeAll(async () => {
  await startInnerBot(harness, { env: { KIMAKI_INTERRUPT_STEP_TIMEOUT_MS: String(LIMIT_MS) } })
})

let tags = 0
const send = (what: string, channelId = project.channelId): { readonly id: string; readonly tag: string } => {
  const tag = `#m${(tags += 1)}`
  return { id: harness.owner.send(channelId, `${what} ${tag}`).id, tag }
}
const stops = (thread: string): readonly string[] =>
  harness
    .said(thread)
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('⬦ stopped'))
const untilAsked = async (tag: string): Promise<unknown> =>
  harness.model.until(
    `the model to be asked ${tag}`,
    ({ hasTools, userTexts }) => hasTools && userTexts.some((text) => text.includes(tag)),
  )

test('a long tool is stopped for a message that waits, one line says what, and the message is answered (P-002, P-003)', async () => {
  const { id } = send('long')
  await harness.untilSaid(id, /bash _sleep 60_/)
  const sentAt = performance.now()
  const next = send('now this', id)
  await untilAsked(next.tag)
  expect(performance.now() - sentAt).toBeGreaterThan(LIMIT_MS)
  await harness.untilSaid(id, `Answer to ${next.tag}`)
  await harness.untilSaid(id, FOOTER)
  expect(stops(id)).toEqual(['⬦ stopped to read the new message: bash _sleep 60_'])
  harness.expectFaithful()
  await expect(await harness.transcript(id)).toMatchFileSnapshot('snapshots/interrupted.txt')
})

test('a step that ends in time is not stopped (P-005)', async () => {
  const { id } = send('short')
  await harness.untilSaid(id, /bash _sleep 0.4_/)
  const next = send('now this', id)
  await harness.untilSaid(id, `Answer to ${next.tag}`)
  expect(stops(id)).toEqual([])
  harness.expectFaithful()
})

test('several that wait: one stop, one request for all, each answered once', async () => {
  const { id } = send('long')
  await harness.untilSaid(id, /bash _sleep 60_/)
  const waiting = [send('first', id), send('second', id), send('third', id)]
  const last = waiting[2]?.tag ?? ''
  await harness.untilSaid(id, `Answer to ${last}`)
  expect(stops(id)).toHaveLength(1)
  expect(
    harness.model.log.filter(({ hasTools, answers }) => hasTools && answers.some((text) => text.includes(last))),
  ).toHaveLength(1)
  await harness.untilSaid(id, FOOTER)
  harness.expectFaithful()
  await expect(await harness.transcript(id)).toMatchFileSnapshot('snapshots/several-waited.txt')
})

test('a slow first token is not an unread message (P-004)', async () => {
  const { id, tag } = send('slow')
  await untilAsked(tag)
  const next = send('now this', id)
  await harness.untilSaid(id, `Answer to ${next.tag}`)
  await harness.untilSaid(id, `Answer to ${tag}`)
  expect(stops(id)).toEqual([])
  harness.expectFaithful()
})

test('a text that goes on and on is stopped as well', async () => {
  const { id, tag } = send('essay')
  await untilAsked(tag)
  const next = send('now this', id)
  await harness.untilSaid(id, `Answer to ${next.tag}`)
  expect(stops(id)).toEqual(['⬦ stopped the answer to read the new message'])
})
