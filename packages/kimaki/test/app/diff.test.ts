/** `/diff`, and the button below an answer that changed files, on a whole bot. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChangesUnreadable } from '../../src/base/errors.ts'
import type { FilePatch } from '../../src/domain/changes.ts'
import type { ChatEvent } from '../../src/ports/chat.ts'
import {
  allClosed,
  commandEvent,
  endsEffect,
  hangsAt,
  openHarness,
  prompted,
  type BotRun,
  type Harness,
} from './support/harness.ts'
import { quiet, until } from './support/until.ts'
import { CHANNEL, GUILD, OWNER, answer, nextId, ownerAccess, run, text, tool } from '../support/conversation.ts'

let harness: Harness
beforeEach(async () => (harness = await openHarness()))
afterEach(() => harness.close())

const replies = (bot: BotRun): readonly string[] => [...bot.chat.replies.values()]

async function invoke(bot: BotRun, place: string, options = {}): Promise<string> {
  const before = replies(bot).length
  bot.chat.emit(commandEvent(place, 'diff', { options }))
  await until('the answer', () => replies(bot).length === before + 1)
  return replies(bot).at(-1) ?? ''
}

const patch: FilePatch = { path: 'tea.ts', status: 'changed', added: 1, deleted: 1, patch: '@@ -1 +1 @@\n-a\n+b\n' }

/** The agent has answered with the help of a tool. */
async function answeredThread(bot: BotRun, changed: readonly FilePatch[]): Promise<string> {
  bot.agent.on = { changed: async () => changed }
  const { id } = await prompted(bot)
  const user = bot.agent.user()
  const said = answer('msg_a', user, [tool('prt_1', 'completed'), text('prt_2', 'Done.')])
  bot.agent.session = { status: { kind: 'idle' }, messages: [user, said], title: undefined }
  bot.agent.emit(...run(user, said))
  await until('the footer', () => bot.texts().some((posted) => posted.startsWith('*garden')))
  await allClosed(bot)
  return id
}

const footerOf = (bot: BotRun) => bot.chat.posts.find(({ content }) => content.startsWith('*garden'))

function pressEvent(channelId: string, customId: string): Extract<ChatEvent, { kind: 'pressed' }> {
  const id = nextId()
  const who = { guildId: GUILD, userId: OWNER, userName: 'Ann' }
  const token = `token-${id}`
  return {
    kind: 'pressed',
    press: { ...who, id, followUp: { applicationId: '1', token }, channelId, messageId: '8', customId },
    place: { channelId, projectChannelId: CHANNEL, inThread: true },
    token,
    access: ownerAccess,
    position: undefined,
  }
}

describe('/diff', () => {
  test('says what has changed, and has the page with it, in the channel and in a thread', async () => {
    const bot = await harness.run()
    const said =
      '⬦ **1 file** +2 −1: since the last commit (a1b2c3d4)\n- src/tea.ts +2 −1\nThe attached page shows every line: open it in a browser.'
    expect(await invoke(bot, CHANNEL)).toBe(said)
    const { id } = await prompted(bot)
    expect(await invoke(bot, id)).toBe(said)
    expect(bot.chat.sentAlong).toEqual(['diff-garden.html', 'diff-garden.html'])
    expect(bot.shownDiffs.map(({ conversationId }) => conversationId).at(-1)).toBe(id)
    // Discord has it.
    await until('the page to be gone from the disk', () => harness.saved.size === 0)
  })

  test.each([
    [{}, { kind: 'base' }],
    [{ against: 'last commit' }, { kind: 'base' }],
    [{ against: ' main ' }, { kind: 'revision', revision: 'main' }],
  ])('%o is compared with %o', async (options, against) => {
    const bot = await harness.run()
    await invoke(bot, CHANNEL, options)
    expect(bot.changes.asked).toEqual([against])
  })

  test('says that nothing has changed, and why there is no diff', async () => {
    const bot = await harness.run()
    bot.changes.found = { what: 'since the last commit (a1b2c3d4)', files: [] }
    expect(await invoke(bot, CHANNEL)).toBe('⬦ nothing has changed: since the last commit (a1b2c3d4)')
    bot.changes.found = new ChangesUnreadable({ reason: 'the folder is in no Git repository' })
    expect(await invoke(bot, CHANNEL)).toBe('✗ no diff: the folder is in no Git repository')
    expect(await invoke(bot, CHANNEL, { against: 'last turn' })).toMatch(/^✗ no diff: there is no session here yet/)
    expect(bot.chat.sentAlong).toEqual([])
  })

  test('of the last turn is what OpenCode knows of it', async () => {
    const bot = await harness.run()
    const id = await answeredThread(bot, [patch, { ...patch, path: '.env' }])
    expect(await invoke(bot, id, { against: 'last turn' })).toBe(
      '⬦ **2 files** +2 −2: what the last turn changed\n- tea.ts +1 −1\n- .env +1 −1 (only named)\nThe attached page shows every line: open it in a browser.',
    )
    expect(bot.shownDiffs[0]?.changes.files.map(({ content }) => content.kind)).toEqual(['patch', 'named'])
  })

  test('proposes the last turn and commits by what is typed', async () => {
    const bot = await harness.run()
    for (const typed of ['', 'POUR', 'turn'])
      bot.chat.emit({
        kind: 'autocomplete',
        query: {
          id: `query ${typed}`,
          token: 't',
          name: 'diff',
          option: 'against',
          typed,
          options: {},
          guildId: GUILD,
          channelId: CHANNEL,
          userId: OWNER,
        },
        place: { channelId: CHANNEL, projectChannelId: CHANNEL, inThread: false },
        access: ownerAccess,
        position: undefined,
      })
    await until('the proposals', () => bot.chat.proposed.size === 3)
    expect([...bot.chat.proposed.values()].map((choices) => choices.map(({ value }) => value))).toEqual([
      ['last commit', 'last turn', 'a1b2c3d', 'b2c3d4e'],
      ['b2c3d4e'],
      ['last turn'],
    ])
  })

  test('killed before the answer is on record, it is made and sent again', async () => {
    const first = await harness.run(hangsAt(endsEffect('command-work')))
    first.chat.emit(commandEvent(CHANNEL, 'diff'))
    await until('the page', () => first.shownDiffs.length === 1)
    await quiet()
    const second = await harness.run()
    await until('the answer', () => second.chat.sentAlong.length === 1)
    expect(second.shownDiffs.map(({ requestId }) => requestId)).toEqual(first.shownDiffs.map(({ requestId }) => requestId))
    await until('the page to be gone from the disk', () => harness.saved.size === 0)
  })
})

describe('the footer of an answer', () => {
  test('that changed files names how many, with a button that attaches the page; its words stay', async () => {
    const bot = await harness.run()
    const id = await answeredThread(bot, [patch, patch, { ...patch, path: 'cup.ts' }])
    const footer = footerOf(bot)
    expect(footer?.content).toContain(' ⋅ 2 files changed ⋅ ')
    const before = bot.chat.posts.length
    bot.chat.emit(pressEvent(id, footer?.buttons[0] ?? ''))
    await until('the page', () => bot.chat.sentAlong.length === 1)
    expect(bot.shownDiffs[0]?.changes.what).toBe('what this answer changed')
    expect(bot.chat.calls.at(-1)).toBe('reply ')
    expect(bot.chat.posts).toHaveLength(before)
  })

  test('that changed none has no button', async () => {
    const bot = await harness.run()
    await answeredThread(bot, [])
    expect(footerOf(bot)?.content).not.toContain('changed')
    expect(footerOf(bot)?.buttons).toEqual([])
  })

  test('keeps its words where OpenCode has forgotten the changes: only the person who pressed is told', async () => {
    const bot = await harness.run()
    const id = await answeredThread(bot, [patch])
    bot.agent.on = { changed: async () => [] }
    bot.chat.emit(pressEvent(id, footerOf(bot)?.buttons[0] ?? ''))
    await until('the words', () =>
      bot.chat.calls.some((call) => call.includes('does not know any more what this answer changed')),
    )
    expect(bot.chat.calls.filter((call) => /^(?:reply|alone)/.test(call))).toEqual([])
  })
})
