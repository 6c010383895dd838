import { describe, expect, test } from 'vitest'
import { checkProjectChannel, warnOfProjectChannels } from '../../src/app/project-channel.ts'
import { ChatForbidden, ChatGone, ChatUnknown, UsageError } from '../../src/base/errors.ts'
import type { ChannelReport } from '../../src/domain/channel.ts'
import type { ChatError } from '../../src/ports/chat.ts'
import type { Log } from '../../src/ports/host.ts'

const GUILD = '100000000000000001'
const CHANNEL = '200000000000000001'
const HIDDEN = new ChatForbidden({ code: 50_001, reason: 'Missing Access' })
const NOWHERE = new ChatGone({ code: 10_003, reason: 'Unknown Channel' })

const channel = (more: Partial<ChannelReport> = {}): ChannelReport => ({
  id: CHANNEL,
  name: 'general',
  kind: 'text',
  guildId: GUILD,
  parentId: undefined,
  missing: [],
  ...more,
})

/** A Discord in which these channels are to be seen. */
const discord = (answers: Readonly<Record<string, ChannelReport | ChatError>>) => ({
  inspect: async (id: string) => answers[id] ?? NOWHERE,
})

const refusal = (checked: unknown): string => (checked instanceof UsageError ? String(checked.reason) : 'not refused')

describe('a channel that is to be linked', () => {
  test('is the text channel of the server that Discord names', async () => {
    const chat = discord({ [CHANNEL]: channel() })
    const found = { guildId: GUILD, warning: undefined }
    expect(await checkProjectChannel(chat, { channelId: CHANNEL, guildId: undefined })).toEqual(found)
    expect(await checkProjectChannel(chat, { channelId: CHANNEL, guildId: GUILD })).toEqual(found)
  })

  test.each([
    ['is a thread', channel({ kind: 'thread', parentId: '300000000000000001' }), /is a thread.*channel 300000000000000001/],
    ['is a category', channel({ kind: 'category' }), /is a category.*text channel/],
    ['is a voice channel', channel({ kind: 'voice' }), /is a voice channel.*text channel/],
    ['is a forum', channel({ kind: 'forum' }), /is a forum, .*cannot be projects yet/],
    ['is a direct message', channel({ kind: 'direct', guildId: undefined }), /is a direct message.*text channel/],
    ['is something new', channel({ kind: 'other' }), /is no text channel/],
    ['is hidden from the bot', HIDDEN, /may not see channel 200000000000000001.*View Channel/],
    ['is nowhere', NOWHERE, /knows no channel 200000000000000001.*Copy Channel ID/],
    [
      'is of another server',
      channel({ guildId: '900000000000000001' }),
      /belongs to server 900000000000000001, not to server 1000/,
    ],
  ])('is refused when it %s', async (_what, answer, sentence) => {
    const checked = await checkProjectChannel(discord({ [CHANNEL]: answer }), { channelId: CHANNEL, guildId: GUILD })
    expect(refusal(checked)).toMatch(sentence)
  })

  test('is refused when channel and server are swapped', async () => {
    const checked = await checkProjectChannel(discord({ [CHANNEL]: channel() }), { channelId: GUILD, guildId: CHANNEL })
    expect(refusal(checked)).toMatch(/--channel and --guild are swapped/)
  })

  test('is not linked while Discord cannot be asked, which is nobody’s mistake', async () => {
    const chat = discord({ [CHANNEL]: new ChatUnknown({ reason: 'HTTP 503' }) })
    const checked = await checkProjectChannel(chat, { channelId: CHANNEL, guildId: GUILD })
    expect(checked).toBeInstanceOf(ChatUnknown)
    expect(checked instanceof Error && checked.message).toMatch(/could not be asked about channel 200000000000000001: HTTP 503/)
  })

  test('is linked although the bot may not write there, with the missing rights and the remedy', async () => {
    const chat = discord({ [CHANNEL]: channel({ missing: ['Send Messages', 'Attach Files'] }) })
    const checked = await checkProjectChannel(chat, { channelId: CHANNEL, guildId: GUILD })
    expect(checked).toMatchObject({
      guildId: GUILD,
      warning: expect.stringMatching(/lacks Send Messages, Attach Files.*#general.*Allow/),
    })
  })
})

test('the log of a bot that is ready names every linked channel in which it cannot do its work, and why', async () => {
  const warnings: string[] = []
  const quiet = (): void => undefined
  const log: Log = {
    debug: quiet,
    info: quiet,
    error: quiet,
    warn: (text, facts) => void warnings.push(`${text} ${JSON.stringify(facts)}`),
  }
  const chat = discord({
    1: channel({ id: '1' }),
    2: channel({ id: '2', missing: ['Create Public Threads'] }),
    3: HIDDEN,
    4: channel(),
  })
  const projects = ['1', '2', '3', '4'].map((channelId) => ({
    channelId,
    guildId: channelId === '4' ? '9' : GUILD,
    directory: '/repo',
  }))
  await warnOfProjectChannels(chat, log, projects)
  expect(warnings).toEqual([
    expect.stringMatching(/lacks Create Public Threads in channel 2 .*Allow.*"directory":"\/repo"/),
    expect.stringMatching(/may not see channel 3.*View Channel/),
    expect.stringMatching(/belongs to server 1.*not to server 9/),
  ])
})
