/**
 * A data folder as the bot of b1cd8ee left it when it was killed, with ten threads in which everything was under way: this bot starts on
 * it, and all of it is alive. How the folder was recorded, and how Discord and OpenCode come to know the same threads and sessions:
 * `support/old-data/`.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, summarise } from 'checker'
import { ComponentType } from 'discord-api-types/v10'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { INTERRUPTED, startHarness, type Harness, type Project } from '../support/harness.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { revive, type Revived } from '../support/old-data/revive.ts'
import { rules } from '../support/old-data/rules.ts'

const FOOTER = /^\*alpha/m
const TAKEN_OUT = /^⬦ taken out of the queue by \*\*ada\*\*/
/** The agent asked, and nobody could answer then: it was told no at once. */
const NOT_ANSWERED = /^⬦ The agent asked: Which colour\?\n✗ not answered/
const START_MS = 60_000

let harness: Harness
let project: Project
let places: Revived['places']
let asked: Revived['asked']
/** What stood in Discord before the start, by thread. */
let before: ReadonlyMap<string, readonly string[]>

beforeAll(async () => {
  harness = await startHarness({ rules: rules('answers'), emulator: { rateLimits: false }, opencode: 'real' })
  project = await harness.project('alpha')
  ;({ places, asked } = await revive(harness, project))
  before = new Map(Object.values(places).map((thread) => [thread, harness.said(thread)]))
  await startInnerBot(harness)
  // The one thing that takes time: OpenCode starts.
  await harness.untilSaid(places.busy, 'Working on #m5', START_MS)
}, 2 * START_MS)

afterAll(async () => {
  await harness?.stop()
})

const count = (thread: string, words: string | RegExp): number =>
  harness.said(thread).filter((text) => (typeof words === 'string' ? text.includes(words) : words.test(text))).length
const finish = (file: string): void => writeFileSync(join(project.directory, file), '')
const sessionOf = (requests: Revived['asked'], words: string): string | undefined =>
  requests.find(({ hasTools, userTexts }) => hasTools && userTexts.at(-1)?.includes(words))?.sessionId

/** Not a notice of Discord's, which has no text, and no footer, which may be the same each time. */
const isTold = (text: string): boolean => text !== '' && !FOOTER.test(text)
/** Notices are edited, and those of the queue taken away. */
const stays = (text: string): boolean => !text.startsWith('⬦')

function remove(thread: string, about: string): void {
  const [card, button] =
    harness.emulator.world
      .messages(thread)
      .flatMap(({ id, components = [] }) =>
        components.flatMap((row) =>
          row.type === ComponentType.ActionRow ? row.components.map((one) => [id, one] as const) : [],
        ),
      )
      .find(([, one]) => 'custom_id' in one && one.custom_id === `unqueue:discord:${about}`) ?? []
  if (card === undefined || !button || !('custom_id' in button)) throw new Error('no such button')
  harness.owner.press(thread, card, button.custom_id)
}

test('the queue: of two that wait one runs, and the other is taken out with its button', async () => {
  const { busy } = places
  const second = harness.emulator.world.messages(busy).find(({ content }) => content === 'hello #m6. queue')
  remove(busy, second?.id ?? '')
  await harness.untilSaid(busy, TAKEN_OUT)
  finish('go-5')
  await harness.untilSaid(busy, 'Answer to #m5')
  expect(count(busy, INTERRUPTED)).toBe(1)
  expect(harness.model.log.some(({ userTexts }) => userTexts.some((text) => text.includes('#m6')))).toBe(false)
})

test('the card of a shell command says that it was cut off', async () => {
  await harness.untilSaid(places.busy, /begun\n```\n✗ stopped: Kimaki was restarted before it had ended/)
})

test('a finished thread goes on in its session', async () => {
  const { done } = places
  harness.owner.send(done, 'are you there? #m20')
  await harness.untilSaid(done, 'Answer to #m20')
  expect(sessionOf(harness.model.log, '#m20')).toBe(sessionOf(asked, '#m1'))
})

test('a message that had been accepted, and nothing more, is answered; the thread keeps the name a person gave it', async () => {
  const { named } = places
  await harness.untilSaid(named, 'Answer to #m12')
  expect(sessionOf(harness.model.log, '#m12')).toBe(sessionOf(asked, '#m2'))
  expect(harness.emulator.world.channel(named)).toMatchObject({ name: 'Named by ada' })
})

test('questions aside: one that was being copied and one behind it are asked, and the one that was asked is not asked again', async () => {
  const { source, aside } = places
  for (const how of ['round', 'tall']) {
    const thread = await harness.emulator.world.until(
      `the thread of ${how}`,
      () => harness.emulator.world.threads(project.channelId).find((one) => 'name' in one && one.name === `btw: why ${how}`)?.id,
      30_000,
    )
    await harness.untilSaid(thread, `Because of ${how}`)
    await harness.untilSaid(source, `⬦ asked aside in <#${thread}>`)
  }
  expect(count(source, `⬦ asked aside in <#${aside}>`)).toBe(1)
  expect(harness.said(aside)).toEqual(before.get(aside))
})

test('a run whose provider was asked again and again is asked anew, and its notice is closed', async () => {
  const { limited } = places
  await harness.untilSaid(limited, 'Answer to #m7')
  await harness.untilSaid(limited, /^⬦ Rate limit reached: the provider was asked again/)
})

test('a message for whose sake a run was about to be stopped is answered', async () => {
  await harness.untilSaid(places.waiting, 'Answer to #m9')
})

test('what was still to be posted is posted; a thread that was still to be opened is opened', async () => {
  await harness.untilSaid(places.asking, NOT_ANSWERED)
  await harness.untilSaid(places.unopened, 'Answer to #m11')
})

test('a text that was closed early is not told again', async () => {
  await harness.untilSaid(places.overtaken, INTERRUPTED)
  expect(count(places.overtaken, 'Working on #m13')).toBe(1)
})

test('nothing is lost, and nothing stands twice', () => {
  const verdict = check({
    journal: harness.emulator.journal.entries,
    model: [...asked, ...harness.model.log.map((entry) => ({ ...entry, seq: asked.length + entry.seq }))],
    prompts: /#m\d+/,
    isInterrupted: (text) => INTERRUPTED.test(text),
    isRefusal: (text, tag) => (tag === '#m6' && TAKEN_OUT.test(text)) || (tag === '#m10' && NOT_ANSWERED.test(text)),
    isQueued: (text) => text.endsWith('. queue'),
  })
  expect(summarise(verdict)).toMatch(/nothing lost, doubled, out of order or crossed\.$/)
  for (const [thread, then] of before) {
    const now = harness.said(thread)
    const told = now.filter(isTold)
    expect(told).toEqual([...new Set(told)])
    for (const text of then.filter(stays)) expect(now).toContain(text)
  }
})
