/** Modals, select menus and what a presser is told, as Discord sends and takes them. */
import { InteractionType } from 'discord-api-types/v10'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { interaction as readInteraction } from '../../src/discord/wire/interaction.ts'
import type { ChatEvent } from '../../src/ports/chat.ts'
import { openWorld, value, type Chat, type World } from './world.ts'

let world: World
let chat: Chat

beforeEach(async () => {
  world = await openWorld()
  chat = world.chat()
  await chat.start()
})

afterEach(() => world.stop())

type Pressed = Extract<ChatEvent, { kind: 'pressed' }>
const presses = () => chat.events.flatMap((event): readonly Pressed[] => (event.kind === 'pressed' ? [event] : []))
const nthPress = (n: number) => chat.until('the press', () => presses()[n - 1])

/** A message of ours with a button, and the id under which Discord shows that one. */
async function posted(): Promise<{ readonly messageId: string; readonly customId: string }> {
  const buttons = [{ id: 'ask-deny-why:per_1/x', label: 'Why' }]
  const saying = { blocks: ['b'], content: 'card', file: undefined, notify: false, buttons }
  const { messageId } = value(await chat.port.post(world.channelId, saying, 'n'))
  const [message] = world.emulator.world.messages(world.channelId)
  const [, customId = ''] = /"custom_id":"([^"]+)"/.exec(JSON.stringify(message?.components)) ?? []
  return { messageId, customId }
}

test('a press is answered by a modal; what is sent with it comes as a press of the same button, with the words', async () => {
  const { messageId, customId } = await posted()
  const use = world.owner.press(world.channelId, messageId, customId)
  const { press, token } = await nthPress(1)
  expect(press).not.toHaveProperty('words')
  const modal = { id: press.customId, title: 'Deny with a reason', label: 'What instead?', placeholder: 'Words' }
  value(await chat.port.showModal({ id: press.id, token }, modal))
  expect(use.modal).toMatchObject({ custom_id: customId, title: 'Deny with a reason' })
  const sent = world.owner.fill(use, { words: 'use pnpm\nplease' })
  const filled = await nthPress(2)
  const followUp = { applicationId: world.bot.applicationId, token: filled.token }
  expect(filled.press).toEqual({ ...press, id: sent.id, words: 'use pnpm\nplease', followUp })
  value(await chat.port.acknowledge({ id: filled.press.id, token: filled.token }))
  expect(sent.state).not.toBe('waiting')
})

test('a modal for secrets has a line for each; what is written comes field by field', async () => {
  const { messageId, customId } = await posted()
  const use = world.owner.press(world.channelId, messageId, customId)
  const { press, token } = await nthPress(1)
  const secrets = [{ label: 'Answer 1', isOptional: true as const }, { label: 'API key' }]
  value(
    await chat.port.showModal({ id: press.id, token }, { id: customId, title: 'Log in', label: '', placeholder: '', secrets }),
  )
  expect(() => world.owner.fill(use, { 'field-0': 'x' })).toThrow(/Invalid Form Body/)
  world.owner.fill(use, { 'field-1': 'the key' })
  expect((await nthPress(2)).press).toMatchObject({ words: '', fields: ['', 'the key'] })
})

test('a modal that belongs to no message is none of ours', () => {
  const sent = { type: InteractionType.ModalSubmit, guild_id: '3', data: { custom_id: 'x', components: [] } }
  expect(readInteraction({ id: '1', token: 't', application_id: '4', channel: { id: '2' }, ...sent })).toEqual({ kind: 'other' })
})

test('a menu is shown with its options, and what is chosen comes as a press of its id; an edit takes it away', async () => {
  const select = {
    id: 'ask-choose:que_1/x/0/0',
    placeholder: 'Pick',
    options: [
      { value: '0', label: 'S', description: 'small' },
      { value: '1', label: 'M', isPicked: true as const },
    ],
    atLeast: 0,
    atMost: 2,
  }
  const saying = { blocks: ['b'], content: 'card', file: undefined, notify: false, select, buttons: [{ id: 'd', label: 'Done' }] }
  const { messageId } = value(await chat.port.post(world.channelId, saying, 'n'))
  const shown = () => JSON.stringify(world.emulator.world.messages(world.channelId)[0]?.components)
  expect(shown()).toContain('"placeholder":"Pick"')
  const [, customId = ''] = /"custom_id":"(ask-choose[^"]+)"/.exec(shown()) ?? []
  expect(customId).toMatch(/^ask-choose:que_1\/x\/0\/0~[\w-]+$/)
  world.owner.select(world.channelId, messageId, customId, ['1', '0'])
  expect((await nthPress(1)).press).toMatchObject({ customId, messageId, chosen: ['1', '0'], userId: world.owner.id })
  value(await chat.port.edit(world.channelId, messageId, { text: 'card', buttons: [], select }))
  expect(shown()).toContain('"custom_id":"ask-choose:que_1/x/0/0"')
  value(await chat.port.edit(world.channelId, messageId, { text: 'over', buttons: [] }))
  expect(shown()).not.toContain('ask-choose')
})

test('P-101: who pressed is told more when the press was acknowledged, even while that is under way, and nobody else sees it', async () => {
  const { messageId, customId } = await posted()
  world.owner.press(world.channelId, messageId, customId)
  const { press, token } = await nthPress(1)
  const told = { id: press.id, applicationId: world.bot.applicationId, token }
  expect(await chat.port.followUp(told, 'too early')).toBeInstanceOf(Error)
  const [acknowledged, followed] = await Promise.all([chat.port.acknowledge(told), chat.port.followUp(told, 'too late')])
  expect([acknowledged, followed]).toEqual([undefined, undefined])
  expect(world.owner.messages(world.channelId).map(({ content }) => content)).toEqual(['card', 'too late'])
  expect(world.emulator.world.messages(world.channelId).map(({ content }) => content)).toEqual(['card'])
})
