/** What the agent asks waits for people: through restarts of the bot, and until OpenCode itself is gone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MessageFlags } from 'discord-api-types/v10'
import { describe, expect, test } from 'vitest'
import { press, buttonsIn, menuIn } from '../support/buttons.ts'
import { startInnerBot } from '../support/inner-bot.ts'
import { INTERRUPTED } from '../support/harness.ts'
import { pidFor } from '../support/servers.ts'
import { useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'
import { signalTo } from '../support/pids.ts'

const { harness, project, ask } = useHarness({ rules: E2E_RULES, each: true })

const FLAGS = MessageFlags.SuppressNotifications | MessageFlags.SuppressEmbeds
const QUESTION = /^⬦ \*\*Colour\*\*\nWhich colour/

test('two restarts later the card, which pings its person once, is alive: a press answers, and the agent goes on', async () => {
  let bot = await startInnerBot(harness)
  const thread = ask('question #m1')
  await harness.untilSaid(thread, QUESTION)
  for (let restarts = 0; restarts < 2; restarts += 1) {
    bot.kill()
    await bot.gone
    bot = await startInnerBot(harness)
  }
  const cards = harness.emulator.world.messages(thread).filter(({ content }) => content.includes('Which colour'))
  expect(cards).toMatchObject([{ mentions: [{ id: harness.owner.id }] }])
  for (let presses = 0; presses < 2; presses += 1) press(harness, thread, 'Red')
  await harness.untilSaid(thread, 'Coloured #m1')
  await harness.emulator.world.until('a word about the second press', () =>
    harness.owner.messages(thread).find(({ content }) => /too late[^]*✓ answered by \*\*ada\*\*$/.test(content)),
  )
  await harness.untilSaid(thread, /\*\*Colour\*\*: Red\n✓ answered by \*\*ada\*\*$/)
  expect(harness.said(thread).filter((text) => text.includes('Which colour'))).toEqual([])
  harness.expectFaithful()
})

test('what was picked in a menu survives a kill; Other… adds own words in a modal, and the agent gets both', async () => {
  const bot = await startInnerBot(harness)
  const thread = ask('menu #m1')
  await harness.untilSaid(thread, /Which sizes/)
  const { messageId, customId } = menuIn(harness, thread)
  harness.owner.select(thread, messageId, customId, ['0', '2'])
  await harness.untilSaid(thread, /☑ \*\*S\*\*\n☐ \*\*M\*\*\n☑ \*\*L/)
  bot.kill()
  await bot.gone
  await startInnerBot(harness)
  const opening = press(harness, thread, 'Other…')
  await harness.emulator.world.until('the modal', () => opening.modal)
  harness.owner.fill(opening, { words: 'and XXL' })
  await harness.untilSaid(thread, /\*\*Sizes\*\*: S, L, and XXL\n✓ answered by \*\*ada\*\*$/)
  await harness.untilSaid(thread, 'Sized #m1')
  harness.expectFaithful()
})

test('a reply to the card answers in words, another message is read instead of an answer', async () => {
  await startInnerBot(harness)
  const thread = ask('question #m1')
  await harness.untilSaid(thread, QUESTION)
  const [card] = buttonsIn(harness, thread)
  harness.owner.send(thread, 'rather green', { replyTo: card?.messageId ?? '' })
  await harness.untilSaid(thread, /\*\*Colour\*\*: rather green\n✓ answered by \*\*ada\*\*$/)
  await harness.untilSaid(thread, 'Coloured #m1')
  ask('question #m2', thread)
  await harness.untilSaid(thread, QUESTION)
  ask('leave that, go on #m3', thread)
  await harness.untilSaid(thread, /✗ not answered: a new message followed$/)
  await harness.untilSaid(thread, 'Answer to #m3')
  harness.expectFaithful()
})

describe('OpenCode dies while it waits for an answer', () => {
  test('the card says that it expired, the run that it was interrupted, and the thread works afterwards', async () => {
    await startInnerBot(harness)
    const thread = ask('question #m1')
    await harness.untilSaid(thread, QUESTION)
    signalTo(await pidFor(harness, project.directory), 'SIGKILL')
    await harness.untilSaid(thread, /Which colour[^]*⬦ expired: OpenCode ended while this waited$/)
    await harness.untilSaid(thread, INTERRUPTED)
    expect(buttonsIn(harness, thread).map(({ label }) => label)).toEqual(['Go on'])
    press(harness, thread, 'Go on')
    await harness.untilSaid(thread, /↪ \*\*ada\*\* lets the agent go on$/)
    ask('go on #m2', thread)
    await harness.untilSaid(thread, 'Answer to #m2')
    harness.expectFaithful()
  })
})

test('a guest’s message is let in after two restarts, once, and its author stays a guest', async () => {
  const eve = harness.emulator.world.user('eve')
  harness.guild.join(eve)
  const env = { KIMAKI_GUEST_APPROVAL: '1' }
  let bot = await startInnerBot(harness, { env })
  const thread = ask('hello #m1')
  await harness.untilSaid(thread, /^\*alpha/)
  const sent = eve.send(thread, 'may I? #m2')
  await harness.untilSaid(thread, /\*\*eve\*\* waits/)
  for (let restarts = 0; restarts < 2; restarts += 1) {
    bot.kill()
    await bot.gone
    bot = await startInnerBot(harness, { env })
  }
  const [card] = buttonsIn(harness, thread)
  if (!card) throw new Error('no card')
  eve.press(thread, card.messageId, card.customId)
  for (let presses = 0; presses < 2; presses += 1) press(harness, thread, 'Let this message in')
  await harness.untilSaid(thread, 'Answer to #m2')
  await harness.untilSaid(thread, /^✓ \*\*ada\*\* let in .*\*\*eve\*\*$/)
  expect(harness.emulator.world.messages(thread).find(({ id }) => id === card.messageId)?.flags).toBe(FLAGS)
  eve.send(thread, 'and this? #m3')
  await harness.untilSaid(thread, /\*\*eve\*\* waits/)
  expect(harness.said(thread).filter((text) => text.includes('Answer to'))).toHaveLength(2)
  expect(readFileSync(join(harness.dataDir, 'audit.jsonl'), 'utf8')).toContain(`"key":"${sent.id}/let-in"`)
})
