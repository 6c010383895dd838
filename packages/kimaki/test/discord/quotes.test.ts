/** Discord's embeds, polls and forwarded messages as ours. */
import {
  ComponentType,
  EmbedType,
  PollLayoutType,
  StickerFormatType,
  type APIEmbed,
  type APIMessageSnapshotFields,
  type APIPoll,
} from 'discord-api-types/v10'
import { describe, expect, test } from 'vitest'
import { componentTexts } from '../../src/discord/inbound/content/components.ts'
import type { MentionNames } from '../../src/discord/inbound/content/mentions.ts'
import { firstQuotedWords, quotesOf, showsMoreThanWords } from '../../src/discord/inbound/content/quotes.ts'
import { message as readMessage } from '../../src/discord/wire/message.ts'

const ANN = '100000000000000001'
const nobody: MentionNames = { user: () => undefined, role: () => undefined, channel: () => undefined }
/** `$&` and the like in a name are no patterns (D-28). */
const names: MentionNames = { user: (id) => (id === ANN ? 'Ann $& $1' : undefined), role: () => '$`', channel: () => "$'" }

const shown = (facts: {
  readonly content?: string
  readonly embeds?: APIEmbed[]
  readonly poll?: APIPoll
  readonly forwarded?: Partial<APIMessageSnapshotFields>
}) => {
  const read = readMessage({
    id: '1',
    channel_id: '2',
    author: { id: '3' },
    content: facts.content ?? '',
    embeds: facts.embeds ?? [],
    ...(facts.poll && { poll: facts.poll }),
    ...(facts.forwarded && { message_snapshots: [{ message: facts.forwarded }] }),
  })
  if (read instanceof Error) throw read
  return read
}
const quotes = (facts: Parameters<typeof shown>[0], within = nobody) => quotesOf(shown(facts), names, () => within)
const nothing = { kind: 'embed', author: '', title: '', url: '', description: '', fields: [], footer: '' }

describe('an embed', () => {
  test('is quoted with its texts, and mentions as names where Discord shows them so', () => {
    const embed: APIEmbed = {
      type: EmbedType.Rich,
      author: { name: 'CI' },
      title: `<@${ANN}>`,
      url: 'https://ci/7',
      description: ` by <@${ANN}> of <@&${ANN}> in <#${ANN}> `,
      fields: [
        { name: 'job', value: `<@${ANN}>` },
        { name: '', value: '' },
      ],
      footer: { text: 'now' },
      color: 5,
    }
    expect(quotes({ embeds: [embed] })).toEqual([
      {
        kind: 'embed',
        author: 'CI',
        title: `<@${ANN}>`,
        url: 'https://ci/7',
        description: "by @Ann $& $1 of @$` in #$'",
        fields: [{ name: 'job', value: '@Ann $& $1' }],
        footer: 'now',
      },
    ])
  })

  test.each<[string, string, APIEmbed]>([
    ['of a link in the text', 'see https://x.com/1 now', { type: EmbedType.Rich, url: 'https://x.com/1', title: 't' }],
    ['of a link in brackets', '[see](https://x.com/1).', { type: EmbedType.Rich, url: 'https://x.com/1', title: 't' }],
    ['of a link that Discord completed', 'see https://x.com!', { type: EmbedType.Rich, url: 'https://x.com/', title: 't' }],
    ['of a page', 'see https://x.com', { type: EmbedType.Article, url: 'https://twitter.com/', title: 't' }],
    ['of a GIF', 'https://tenor.com/1', { type: EmbedType.GIFV, url: 'https://tenor.com/2', title: 't' }],
    ['without any text', '', { type: EmbedType.Rich, url: 'https://x.com/', image: { url: 'https://x.com/i.png' } }],
  ])('%s is not quoted: nobody wrote it', (_what, content, embed) => {
    expect(quotes({ content, embeds: [embed] })).toEqual([])
    expect(showsMoreThanWords(shown({ content, embeds: [embed] }))).toBe(false)
    expect(firstQuotedWords(shown({ content, embeds: [embed] }))).toBe('')
  })

  test.each<[string, APIEmbed]>([
    ['without a type', { title: 't' }],
    ['with a link that is not in the text', { type: EmbedType.Rich, title: 't', url: 'https://elsewhere' }],
    ['with a link that one in the text goes on from', { title: 't', url: 'https://x.com' }],
    ['with an empty link', { type: EmbedType.Rich, title: 't', url: '' }],
    ['of fields alone', { fields: [{ name: 'a', value: 'b' }] }],
  ])('%s is quoted', (_what, embed) => {
    expect(quotes({ content: 'see https://x.com/1', embeds: [embed] })).toHaveLength(1)
    expect(showsMoreThanWords(shown({ embeds: [embed] }))).toBe(true)
  })

  test('is cut where all of a message have more than 6000 characters, and has at most 25 fields; at most ten are quoted', () => {
    const large = (letter: string): APIEmbed => ({ description: letter.repeat(3500), url: `https://${'x'.repeat(2048)}` })
    const [first, second, ...rest] = quotes({ embeds: [large('a'), large('b'), large('c')] })
    expect(first).toEqual({ ...nothing, description: 'a'.repeat(3500) })
    expect(second).toEqual({ ...nothing, description: `${'b'.repeat(2499)}…` })
    expect(rest).toEqual([])
    const fields = Array.from({ length: 30 }, () => ({ name: 'a', value: 'b' }))
    expect(quotes({ embeds: [{ fields }] })[0]).toHaveProperty('fields.length', 25)
    expect(quotes({ embeds: Array.from({ length: 12 }, () => ({ title: 't' })) })).toHaveLength(10)
  })
})

describe('a message made of components', () => {
  test('is quoted with its texts, wherever they stand, and what pictures show', () => {
    expect(
      componentTexts([
        { type: 10, content: ' one ' },
        {
          type: 17,
          components: [
            { type: 9, components: [{ type: 10, content: 'two' }], accessory: { type: 11, description: 'three' } },
            { type: 14 },
            { type: 12, items: [{ description: 'four' }, { description: null }, null] },
            { type: 1, components: [{ type: 2, label: 'press' }] },
          ],
        },
        { type: 99, components: [{ type: 10, content: 'five' }] },
        { type: 10 },
        null,
        7,
      ]),
    ).toEqual(['one', 'two', 'three', 'four', 'five'])
  })

  test('is cut at 4000 characters, and read no deeper than Discord nests', () => {
    const long = componentTexts([
      { type: 10, content: 'a'.repeat(3000) },
      { type: 10, content: 'b'.repeat(3000) },
      { type: 10, content: 'c' },
    ])
    expect(long.map(({ length }) => length)).toEqual([3000, 1000])
    let nested: unknown = { type: 10, content: 'deep' }
    for (let depth = 0; depth < 10_000; depth += 1) nested = { type: 17, components: [nested] }
    expect(componentTexts([nested])).toEqual([])
  })

  test('or with stickers that was forwarded is quoted so', () => {
    const forwarded = {
      components: [{ type: ComponentType.TextDisplay, content: 'one' }],
      sticker_items: [{ id: '1', name: 'wave', format_type: StickerFormatType.PNG }],
    } satisfies Partial<APIMessageSnapshotFields>
    expect(quotes({ forwarded })[0]).toMatchObject({
      more: [
        { kind: 'components', texts: ['one'] },
        { kind: 'stickers', names: ['wave'] },
      ],
    })
    expect(firstQuotedWords(shown({ forwarded }))).toBe('one')
  })
})

test.each(['.', '/', '!?', '. ', '<.'])('the look for links in 100,000 times %j takes no longer', (piece) => {
  const content = `${piece.repeat(100_000)}x`
  const begun = performance.now()
  expect(quotes({ content, embeds: [{ title: 't', url: 'https://x.com' }] })).toHaveLength(1)
  // A look that starts anew at each mark would take 37 s (4,000 took 60 ms); this one takes 20 ms, on a busy machine a second.
  expect(performance.now() - begun).toBeLessThan(15_000)
})

describe('a poll', () => {
  const poll = (question: APIPoll['question'], answers: readonly APIPoll['question'][]): APIPoll => ({
    question,
    answers: answers.map((media, index) => ({ answer_id: index + 1, poll_media: media })),
    expiry: null,
    allow_multiselect: false,
    layout_type: PollLayoutType.Default,
  })

  test('is quoted with its question and answers, an emoji before the words', () => {
    const emoji = [
      { text: 'Yes', emoji: { id: null, name: '👍' } },
      { text: 'No', emoji: { id: '5', name: 'nope' } },
      { emoji: { id: null, name: '🍕' } },
    ]
    expect(quotes({ poll: poll({ text: 'Ship?' }, emoji) })).toEqual([
      { kind: 'poll', question: 'Ship?', answers: ['👍 Yes', ':nope: No', '🍕'] },
    ])
    expect(showsMoreThanWords(shown({ poll: poll({ text: 'Ship?' }, []) }))).toBe(true)
    expect(firstQuotedWords(shown({ poll: poll({ text: 'Ship?' }, []) }))).toBe('Ship?')
  })

  test('is never larger than Discord lets one be', () => {
    const [quote] = quotes({
      poll: poll(
        { text: 'q'.repeat(1000) },
        Array.from({ length: 20 }, () => ({ text: 'a'.repeat(1000) })),
      ),
    })
    expect(quote).toMatchObject({ question: `${'q'.repeat(309)}…` })
    expect(quote).toHaveProperty('answers', Array<string>(10).fill(`${'a'.repeat(64)}…`))
  })
})

describe('a forwarded message', () => {
  const forwarded: Partial<APIMessageSnapshotFields> = {
    content: ` look <@${ANN}> `,
    timestamp: '2026-01-01T01:00:00+01:00',
    attachments: [{ id: '9', filename: 'a.log', size: 3, url: 'https://cdn/a', proxy_url: 'https://cdn/a' }],
    embeds: [{ title: 'built' }, { type: EmbedType.Article, title: 'preview' }],
  }

  test('is quoted with its own mentions, files and embeds', () => {
    const own: MentionNames = { ...nobody, user: () => 'Bo' }
    expect(quotes({ forwarded }, own)).toEqual([
      {
        kind: 'forward',
        sentAt: '2026-01-01T00:00:00.000Z',
        text: 'look @Bo',
        attachments: [{ id: '9', name: 'a.log', contentType: 'application/octet-stream', size: 3, url: 'https://cdn/a' }],
        embeds: [{ ...nothing, title: 'built' }],
      },
    ])
    expect(showsMoreThanWords(shown({ forwarded }))).toBe(true)
    expect(firstQuotedWords(shown({ forwarded }))).toBe(` look <@${ANN}> `)
  })

  test('is cut at 4000 characters, and may lack everything', () => {
    expect(quotes({ forwarded: { content: 'x'.repeat(5000) } })[0]).toMatchObject({ text: `${'x'.repeat(3999)}…`, sentAt: '' })
    expect(quotes({ forwarded: {} })).toEqual([{ kind: 'forward', sentAt: '', text: '', attachments: [], embeds: [] }])
  })
})
