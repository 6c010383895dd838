/** What a message shows beside its words, and whether it is a prompt because of that. */
import {
  ComponentType,
  EmbedType,
  MessageReferenceType,
  MessageType,
  PollLayoutType,
  StickerFormatType,
  type APIMessage,
  type APIMessageSnapshotFields,
  type APIPoll,
} from 'discord-api-types/v10'
import { describe, expect, test } from 'vitest'
import { mayBeHeard, saysSomething } from '../../src/discord/inbound/incoming.ts'
import { ANN, BOT_ID, incoming, raw, read, senderOf } from './raw-message.ts'

const mayBePrompt = (facts: Partial<APIMessage>): boolean => mayBeHeard(senderOf(facts), BOT_ID) && saysSomething(read(facts))

const poll: APIPoll = {
  question: { text: 'Ship <@1>?' },
  answers: [{ answer_id: 1, poll_media: { text: 'Yes' } }],
  expiry: null,
  allow_multiselect: false,
  layout_type: PollLayoutType.Default,
}
const forward = (message: Partial<APIMessageSnapshotFields>): Partial<APIMessage> => ({
  message_reference: { type: MessageReferenceType.Forward, channel_id: '1', message_id: '2' },
  message_snapshots: [{ message: message as APIMessageSnapshotFields }],
})

describe('what a message shows beside its words', () => {
  test('a poll is a prompt of its own, and its question names a thread', () => {
    expect(mayBePrompt({ poll })).toBe(true)
    expect(incoming({ poll })).toMatchObject({
      text: '',
      titleText: 'Ship <@1>?',
      quotes: [{ kind: 'poll', question: 'Ship <@1>?', answers: ['Yes'] }],
    })
  })

  test('a forwarded message is a prompt of its own, with the names of those it mentions itself, and names a thread', () => {
    const facts = forward({ content: `look <@${ANN.id}>, here`, mentions: [ANN], timestamp: '2025-12-31T00:00:00Z' })
    expect(mayBePrompt(facts)).toBe(true)
    const sentAt = '2025-12-31T00:00:00.000Z'
    expect(incoming(facts)).toMatchObject({
      text: '',
      titleText: 'look , here',
      reply: undefined,
      quotes: [{ kind: 'forward', sentAt, text: 'look @Ann, here', attachments: [], embeds: [] }],
    })
  })

  test('of the message it replies to comes with it: files, embeds, a poll, what it forwards, components and stickers', () => {
    const file = { id: '9', filename: 'a.log', size: 3, url: 'https://cdn/a', proxy_url: 'https://cdn/a' }
    const original = raw({
      ...forward({ content: 'look' }),
      id: '200000000000000000',
      content: 'short',
      attachments: [file],
      poll,
      components: [{ type: ComponentType.TextDisplay, content: `hi <@${ANN.id}>` }],
      mentions: [ANN],
      sticker_items: [{ id: '1', name: 'wave', format_type: StickerFormatType.PNG }],
    })
    expect(incoming({ content: 'and?', referenced_message: original }).reply).toEqual({
      authorName: 'Ann',
      text: 'short',
      id: '200000000000000000',
      attachments: [{ id: '9', name: 'a.log', contentType: 'application/octet-stream', size: 3, url: 'https://cdn/a' }],
      quotes: [
        { kind: 'forward', sentAt: '', text: 'look', attachments: [], embeds: [] },
        { kind: 'poll', question: 'Ship <@1>?', answers: ['Yes'] },
        { kind: 'components', texts: ['hi @Ann'] },
        { kind: 'stickers', names: ['wave'] },
      ],
    })
    expect(incoming({ content: 'and?', referenced_message: raw({ content: 'only words' }) }).reply).toEqual({
      authorName: 'Ann',
      text: 'only words',
      id: '200000000000000001',
    })
  })

  test('made of components or stickers alone is a prompt of its own, and names a thread', () => {
    const components: NonNullable<APIMessage['components']> = [
      { type: ComponentType.Container, components: [{ type: ComponentType.TextDisplay, content: 'Build **7** failed' }] },
    ]
    const stickers = [{ id: '1', name: 'wave', format_type: StickerFormatType.PNG }]
    expect(mayBePrompt({ components })).toBe(true)
    expect(mayBePrompt({ sticker_items: stickers })).toBe(true)
    expect(incoming({ components })).toMatchObject({ titleText: 'Build **7** failed', quotes: [{ kind: 'components' }] })
    expect(incoming({ sticker_items: stickers })).toMatchObject({ titleText: 'wave', quotes: [{ kind: 'stickers' }] })
    expect(mayBePrompt({ components: [{ type: ComponentType.ActionRow, components: [] }] })).toBe(false)
  })

  test('does not outdo the words of a title, nor make a prompt of an empty message or of a preview', () => {
    expect(incoming({ ...forward({ content: 'look' }), content: 'my words' }).titleText).toBe('my words')
    expect(mayBePrompt({})).toBe(false)
    expect(mayBePrompt({ embeds: [{ type: EmbedType.Article, title: 'a page' }] })).toBe(false)
    expect(mayBePrompt({ poll, webhook_id: '1' })).toBe(false)
    expect(mayBePrompt({ ...forward({}), type: MessageType.ThreadCreated })).toBe(false)
  })
})
